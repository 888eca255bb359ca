package dev.onduty.client;

/** How far a floor, or a watch of colleagues, can be relied on. */
public enum FloorState {
  /** There is no snapshot yet. */
  CONNECTING,
  /** The view follows the server. */
  CURRENT,
  /** The stream is broken or silent; the view is the last known. */
  STALE,
  /** It has given up; the view is the last known. */
  FAILED,
  /** It was closed. */
  CLOSED
}

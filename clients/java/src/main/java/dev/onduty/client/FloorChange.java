package dev.onduty.client;

import dev.onduty.v1.Staff;
import dev.onduty.v1.Transition;
import java.util.Optional;

/**
 * One change of a floor.
 *
 * @param kind what happened to the view
 * @param staffId who
 * @param before the state that the view had; absent with {@code ADDED}
 * @param after the state now; absent with {@code LEFT}
 * @param transition the change with its cause; absent where a snapshot told of it
 * @param revision the change's revision; 0 where a snapshot told that somebody left
 */
public record FloorChange(
    Kind kind,
    String staffId,
    Optional<Staff> before,
    Optional<Staff> after,
    Optional<Transition> transition,
    long revision) {

  /** What happened to the view. */
  public enum Kind {
    /** The staff member is new in the view. */
    ADDED,
    /** The staff member's state changed. */
    CHANGED,
    /** The staff member left the filter, or was deleted. */
    LEFT
  }
}

/** How a status looks: a word, a colour and a shape, so that no one of them is needed to know it; and the pages' common style. */
import { css, svg, type SVGTemplateResult } from "lit";

import { Status, type Staff } from "../gen/onduty/v1/staff_pb.js";
import { instant } from "./clock.js";
import { say } from "./words.js";

/** A status's name for style sheets. */
export function statusName(status: Status): string {
  switch (status) {
    case Status.AVAILABLE:
      return "available";
    case Status.BUSY:
      return "busy";
    case Status.ON_BREAK:
      return "break";
    case Status.IN_LINE:
      return "in-line";
    case Status.AFTER_CALL_WORK:
      return "acw";
    default:
      return "offline";
  }
}

/** A status in words. */
export function statusWord(status: Status, reason = ""): string {
  switch (status) {
    case Status.AVAILABLE:
      return say("available");
    case Status.BUSY:
      return say("busy");
    case Status.ON_BREAK:
      return reason === "" ? say("onBreak") : `${say("onBreak")}: ${reason}`;
    case Status.IN_LINE:
      return say("inLine");
    case Status.AFTER_CALL_WORK:
      return say("acw");
    default:
      return say("offline");
  }
}

/** A status's shape. It takes the text's colour. */
export function shape(status: Status): SVGTemplateResult {
  const inner = ((): SVGTemplateResult => {
    switch (status) {
      case Status.AVAILABLE:
        return svg`<circle cx="8" cy="8" r="6.5" fill="currentColor"/><path d="M5 8.2l2.1 2.1L11 6.2" fill="none" class="mark"/>`;
      case Status.BUSY:
        return svg`<rect x="1.8" y="1.8" width="12.4" height="12.4" rx="3" fill="currentColor"/><path d="M5 8h6" class="mark"/>`;
      case Status.ON_BREAK:
        return svg`<path d="M8 1.2 15 14H1z" fill="currentColor" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round"/><path d="M8 6v3.2M8 11.6v.2" class="mark"/>`;
      case Status.IN_LINE:
        return svg`<path d="M8 .9 15.1 8 8 15.1.9 8z" fill="currentColor" stroke="currentColor" stroke-linejoin="round"/><path d="M5.6 8h4.8M8.5 6l2 2-2 2" fill="none" class="mark"/>`;
      case Status.AFTER_CALL_WORK:
        return svg`<path d="M4.3 1.5h7.4L15.2 8l-3.5 6.5H4.3L.8 8z" fill="currentColor"/><path d="M8 4.6V8l2.2 1.6" fill="none" class="mark"/>`;
      default:
        return svg`<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="2.2"/>`;
    }
  })();
  return svg`<svg class="shape" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">${inner}</svg>`;
}

/** The two letters of a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters
    .map((word) => Array.from(word ?? "")[0] ?? "")
    .join("")
    .toLocaleUpperCase();
}

/** The name to show. */
export function nameOf(staff: { displayName: string; staffId: string }): string {
  return staff.displayName === "" ? staff.staffId : staff.displayName;
}

/** Milliseconds in the present status. */
export function timeIn(staff: Pick<Staff, "statusStartedAt">, now: number): number {
  return staff.statusStartedAt === undefined ? 0 : now - instant(staff.statusStartedAt);
}

/** What all elements share. */
export const common = css`
  :host {
    font-family: var(--font);
    color: var(--text);
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p {
    margin: 0;
  }
  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
  }
  button {
    min-height: 2.5rem;
    padding: 0.45rem 1rem;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--raised);
    cursor: pointer;
    font-weight: 550;
  }
  button:hover:not([aria-disabled="true"], :disabled) {
    border-color: var(--quiet);
  }
  button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
  }
  button.danger {
    background: var(--danger);
    border-color: var(--danger);
    color: var(--on-danger);
  }
  button[aria-disabled="true"],
  button:disabled {
    cursor: not-allowed;
    color: var(--quiet);
    background: var(--sunken);
    border-style: dashed;
    border-color: var(--line);
  }
  input,
  select,
  textarea {
    min-height: 2.5rem;
    padding: 0.4rem 0.7rem;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--card);
  }
  input[type="checkbox"] {
    min-height: 0;
    width: 1.15rem;
    height: 1.15rem;
    accent-color: var(--accent);
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  .quiet {
    color: var(--quiet);
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .shape {
    flex: none;
    vertical-align: -0.15em;
  }
  .shape .mark {
    stroke: var(--card);
    stroke-width: 1.7;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .available {
    --status: var(--available);
  }
  .busy {
    --status: var(--busy);
  }
  .break {
    --status: var(--break);
  }
  .in-line {
    --status: var(--in-line);
  }
  .acw {
    --status: var(--acw);
  }
  .offline {
    --status: var(--offline);
  }
  .status-word {
    color: var(--status);
    font-weight: 650;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .card {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
  }
  @media (prefers-reduced-motion: no-preference) {
    button {
      transition:
        background-color 0.12s,
        border-color 0.12s;
    }
  }
`;

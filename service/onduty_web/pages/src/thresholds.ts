/** Whether somebody has been in a status for longer than is meant. */
import { Status, type Staff } from "../gen/onduty/v1/staff_pb.js";
import type { BoardSettings } from "./board_settings.js";
import { instant } from "./clock.js";
import { timeIn } from "./look.js";

/** How a time stands against its threshold: past half of it, or past all of it. */
export type Level = "" | "half" | "over";

/** The level of a person. A break's own limit comes before the board's. */
export function levelOf(staff: Staff, settings: BoardSettings, now: number): Level {
  if (staff.overdue) return "over";
  const time = timeIn(staff, now);
  const limit = limitMs(staff, settings);
  if (limit <= 0) return "";
  if (time >= limit) return "over";
  return time >= limit / 2 ? "half" : "";
}

function limitMs(staff: Staff, settings: BoardSettings): number {
  switch (staff.status) {
    case Status.AFTER_CALL_WORK:
      return settings.wrapUpSeconds * 1000;
    case Status.IN_LINE:
      return settings.callSeconds * 1000;
    case Status.ON_BREAK: {
      const { breakEndsAt, statusStartedAt } = staff;
      if (breakEndsAt !== undefined && statusStartedAt !== undefined)
        return instant(breakEndsAt) - instant(statusStartedAt);
      return settings.breakSeconds * 1000;
    }
    default:
      return 0;
  }
}

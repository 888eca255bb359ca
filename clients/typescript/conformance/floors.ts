/**
 * The protocol's verbs for floors.
 *
 * It tells their changes as events; it judges nothing.
 */
import type { JsonValue } from "@bufbuild/protobuf";

import { RouterClient, type Connection, type Floor, type FloorOptions } from "../src/index.js";
import { Staff, StaffFilter } from "../src/v1.js";
import { enumName, jsonOf, messageOfJson } from "./codec.js";
import type { Tell } from "./driver.js";

/** Open a floor whose changes and states are told as events. */
export function openFloor(
  connection: Connection,
  name: string,
  filter: unknown,
  options: FloorOptions,
  tell: Tell,
): Floor {
  const floor = new RouterClient(connection).floor(messageOfJson("StaffFilter", StaffFilter, filter), options);
  floor.onChange(({ kind, staffId, after, transition, revision }) => {
    tell({
      event: "change",
      floor: name,
      kind,
      staff_id: staffId,
      revision: Number(revision),
      ...(after === undefined ? {} : { status: enumName("Status", after.status) }),
      ...(transition === undefined ? {} : { cause: enumName("Cause", transition.cause) }),
    });
  });
  floor.onState((state) => {
    tell({ event: "floor_state", floor: name, state });
  });
  return floor;
}

/** What the floor shows. */
export function readFloor(floor: Floor): JsonValue {
  const staff = floor.all().map((person) => jsonOf("Staff", Staff, person));
  return { state: floor.state, position: floor.position, staff };
}

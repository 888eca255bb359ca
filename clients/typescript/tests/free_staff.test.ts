import assert from "node:assert/strict";
import { test } from "node:test";

import { FreeStaff } from "../src/free_staff.js";
import { Staff, Status } from "../src/v1.js";

function person(staffId: string, idleSeconds: number, groups: readonly string[], status = Status.AVAILABLE): Staff {
  const capabilities = { assignInbound: status === Status.AVAILABLE };
  const skillGroups = groups.map((name) => ({ name }));
  return Staff.fromPartial({
    staffId,
    status,
    capabilities,
    skillGroups,
    idleStartedAt: { seconds: BigInt(idleSeconds) },
  });
}

function ids(staff: readonly Staff[]): string[] {
  return staff.map(({ staffId }) => staffId);
}

test("changes one by one lead to the order of a whole snapshot", () => {
  const people = Array.from({ length: 200 }, (_, number) => {
    return person(`s${number}`, (number * 37) % 50, number % 3 === 0 ? ["cards"] : ["cards", "loans"]);
  });
  const [oneByOne, atOnce] = [new FreeStaff(), new FreeStaff()];
  for (const staff of people) oneByOne.put(staff);
  for (const { staffId } of people.slice(0, 20)) oneByOne.put(person(staffId, 1, ["loans"], Status.BUSY));
  for (const { staffId } of people.slice(20, 40)) oneByOne.remove(staffId);
  const moved = people.slice(40, 60).map(({ staffId }) => person(staffId, 7, ["letters"]));
  for (const staff of moved) oneByOne.put(staff);
  atOnce.fill([...moved, ...people.slice(60)]);
  for (const group of ["", "cards", "loans", "letters", "nobody's"]) {
    assert.deepEqual(ids(oneByOne.in(group)), ids(atOnce.in(group)), group);
  }
});

test("of 10,000 staff only those are looked at who are asked for", () => {
  let looks = 0;
  const looked = (): number => looks;
  const people = Array.from({ length: 10_000 }, (_, number) => {
    const staff = person(`s${number}`, number, [number % 1_000 === 0 ? "cards" : "loans"]);
    const since = staff.idleStartedAt;
    return Object.defineProperty(staff, "idleStartedAt", {
      get: () => {
        looks += 1;
        return since;
      },
    });
  });
  const free = new FreeStaff();
  free.fill(people);
  looks = 0;
  assert.equal(free.in("cards").length, 10);
  assert.equal(looked(), 0);
  free.put(person("s5000", 20_000, ["cards"], Status.BUSY));
  assert.ok(looked() < 100, `${looked()} looks`);
  assert.equal(free.in("cards").length, 9);
});

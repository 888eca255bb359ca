import assert from "node:assert/strict";
import { test } from "node:test";

import { ClaimOrder, Direction } from "../src/index.js";
import { firstClaim, memberClaim, namedClaim, startedRequest } from "../src/router_requests.js";
import { ClaimStaffRequest } from "../src/v1.js";

test("a claim by name has the staff member and the revision that was given", () => {
  assert.deepEqual(namedClaim({ callId: "c1", staffId: "ada", expectedRevision: 0n }).target, {
    $case: "named",
    value: { staffId: "ada", expectedRevision: 0n },
  });
});

test("a revision that was not given is not sent", () => {
  const sent = ClaimStaffRequest.decode(
    ClaimStaffRequest.encode(namedClaim({ callId: "c1", staffId: "ada" })).finish(),
  );
  assert.deepEqual(sent.target, { $case: "named", value: { staffId: "ada", expectedRevision: undefined } });
  assert.equal(startedRequest({ staffId: "ada", callId: "c1" }).expectedRevision, undefined);
});

test("a claim by candidates keeps their order", () => {
  assert.deepEqual(firstClaim({ callId: "c1", staffIds: ["cy", "ada"] }).target, {
    $case: "candidates",
    value: { staffIds: ["cy", "ada"] },
  });
});

test("a group is given by name alone or with the least level", () => {
  const claim = memberClaim({
    callId: "c1",
    skillGroups: [{ name: "cards", minLevel: 60 }, "loans"],
    requiredGroups: { name: "german" },
    excludeStaffIds: ["ada"],
    order: ClaimOrder.HIGHEST_LEVEL,
  });
  assert.deepEqual(claim.target, {
    $case: "groupMember",
    value: {
      skillGroups: [
        { name: "cards", minLevel: 60 },
        { name: "loans", minLevel: 0 },
      ],
      requiredGroups: [{ name: "german", minLevel: 0 }],
      excludeStaffIds: ["ada"],
      order: ClaimOrder.HIGHEST_LEVEL,
    },
  });
});

test("a member of one group is claimed by the group's name", () => {
  assert.deepEqual(memberClaim({ callId: "c1", skillGroups: "cards" }).target, {
    $case: "groupMember",
    value: {
      skillGroups: [{ name: "cards", minLevel: 0 }],
      requiredGroups: [],
      excludeStaffIds: [],
      order: ClaimOrder.UNSPECIFIED,
    },
  });
});

test("every kind of claim has the same terms", () => {
  const terms = {
    callId: "c1",
    ttl: 1.5,
    direction: Direction.TRANSFER,
    source: "pbx",
    anotherOffer: true,
    requestId: "r-1",
  };
  const claims = [
    namedClaim({ ...terms, staffId: "ada" }),
    firstClaim({ ...terms, staffIds: ["ada"] }),
    memberClaim({ ...terms, skillGroups: "cards" }),
  ];
  for (const claim of claims) {
    assert.deepEqual(
      { ...claim, target: undefined },
      { ...terms, target: undefined, ttl: { seconds: 1n, nanos: 500_000_000 } },
    );
  }
});

"""`onduty call`, against a real server."""

import re

import pytest


def claim_for(onduty, *options: str) -> str:
    return onduty("call", "claim", *options, "--json").json["claim_id"]


def test_a_call_starts_and_ends(onduty, kim):
    """In line while it lasts, then after-call work."""
    started = onduty("call", "start", kim, "c-1", "--direction", "transfer", "--source", "pbx").out
    assert started.startswith("kim is IN_LINE in c-1 (transfer)")
    assert onduty("call", "end", kim, "c-1").out.startswith("kim is AFTER_CALL_WORK, wrap-up until ")


def test_a_fact_told_twice_changes_nothing_and_says_so(onduty, kim):
    """Telephony may repeat itself."""
    onduty("call", "start", kim, "c-1")
    assert onduty("call", "start", kim, "c-1").out.startswith(
        "nothing changed, the call was known or has ended: kim is IN_LINE"
    )
    onduty("call", "end", kim, "c-1")
    assert onduty("call", "end", kim, "c-1").out.startswith("nothing changed, no such call was in progress: kim is ")


def test_call_on_hold_stays_a_call(onduty, kim):
    """It is said to be on hold, told twice it changes nothing, and --off takes it off hold."""
    onduty("call", "start", kim, "c-1", "--source", "pbx")
    held = ("call", "hold", kim, "c-1", "--source", "pbx")
    assert onduty(*held).out.startswith("kim is IN_LINE in c-1 (inbound, on hold)")
    assert onduty(*held).out.startswith("nothing changed, the call was on hold already, or has ended: kim is IN_LINE")
    assert onduty(*held, "--off").out.startswith("kim is IN_LINE in c-1 (inbound) (revision ")
    assert onduty(*held, "--off").out.startswith("nothing changed, the call was not on hold, or has ended: kim is IN_LINE")


def test_a_call_out_of_rule_is_marked_in_the_list(onduty, kim):
    """A call while offline is irregular, not refused."""
    onduty("status", "set", kim, "offline")
    onduty("call", "start", kim, "c-1")
    assert "c-1!" in onduty("staff", "list").out


def test_a_claim_by_group_is_accepted(onduty, kim):
    """The claim's id goes from the router to the staff member."""
    result = onduty("call", "claim", "--group", "sales", "--call", "c-1", "--ttl", "5m")
    assert result.out.startswith("claimed kim for c-1: claim ")
    claim_id = onduty("staff", "show", kim, "--json").json["offer"]["claim_id"]
    assert re.search(r"call c-1 on offer, [34]m\d\ds\b", onduty("staff", "list").out)
    assert onduty("call", "accept", kim, claim_id).out.startswith("kim is IN_LINE in c-1 (inbound)")


def test_of_several_the_first_who_can_is_claimed(onduty, kim):
    """And none of those who cannot."""
    onduty("staff", "add", "lee")
    assert onduty("call", "claim", "--staff", "lee", "--staff", kim, "--call", "c-1").out.startswith("claimed kim for c-1")
    refused = onduty("call", "claim", "--staff", "lee", "--staff", kim, "--call", "c-2", code=1).err
    assert refused.startswith("refused: none of them can take a call now: ")


def test_a_group_is_claimed_from_by_level(onduty, kim):
    """Of several groups the first that has somebody of the level."""
    onduty("staff", "update", kim, "--group", "sales:40", "--group", "help")
    refused = onduty("call", "claim", "--group", "sales:50", "--call", "c-1", code=1).err
    assert refused.startswith("refused: nobody in sales can take a call now: 1 AVAILABLE")
    claimed = onduty("call", "claim", "--group", "sales:50", "--group", "help", "--call", "c-1", "--json").json
    assert claimed["skill_group"] == "help"


def test_who_is_claimed_from_a_group_is_told_apart_further(onduty, kim):
    """By another group, by those to pass over, and by the order; none of that goes with --staff."""
    onduty("staff", "add", "lee", "--group", "sales:9", "--group", "german")
    onduty("status", "set", "lee", "available")
    best = onduty("call", "claim", "--group", "sales", "--order", "highest-level", "--call", "c-1", "--json").json
    assert best["staff"]["staff_id"] == "lee"
    onduty("call", "withdraw", best["claim_id"])
    german = onduty("call", "claim", "--group", "sales", "--also-in", "german", "--call", "c-1", "--json").json
    assert german["staff"]["staff_id"] == "lee"
    onduty("call", "withdraw", german["claim_id"])
    other = onduty("call", "claim", "--group", "sales", "--except", "lee", "--call", "c-1", "--json").json
    assert other["staff"]["staff_id"] == kim
    assert "for a claim with --group" in onduty("call", "claim", "--staff", kim, "--except", "lee", "--call", "c", code=2).err


def test_a_claim_is_shown(onduty, kim):
    """While it is outstanding, and how it ended."""
    claim = claim_for(onduty, "--staff", kim, "--call", "c-1")
    assert onduty("call", "show-claim", claim).out.startswith("c-1 for kim: on offer until ")
    onduty("call", "decline", kim, claim)
    assert onduty("call", "show-claim", claim).out.startswith("c-1 for kim: declined at ")


def test_a_call_on_offer_is_not_offered_twice(onduty, kim):
    """The offer that there is is the answer."""
    claim_for(onduty, "--group", "sales", "--call", "c-1")
    assert onduty("call", "claim", "--group", "sales", "--call", "c-1").out.startswith(
        "on offer already to kim for c-1: claim "
    )


def test_a_claim_is_withdrawn_for_a_reason(onduty, kim):
    """Typed with hyphens; another word is wrong usage."""
    claim = claim_for(onduty, "--staff", kim, "--call", "c-1")
    assert "none of caller-gone" in onduty("call", "withdraw", claim, "--reason", "bored", code=2).err
    assert onduty("call", "withdraw", claim, "--reason", "caller-gone").out.startswith("kim is AVAILABLE (revision ")


def test_a_claim_is_declined_or_withdrawn(onduty, kim):
    """A second withdrawal changes nothing."""
    declined = claim_for(onduty, "--staff", kim, "--call", "c-1")
    assert onduty("call", "decline", kim, declined, "--note", "not now").out.startswith("kim is AVAILABLE (revision ")
    withdrawn = claim_for(onduty, "--staff", kim, "--call", "c-2")
    assert onduty("call", "withdraw", withdrawn).out.startswith("kim is AVAILABLE (revision ")
    assert onduty("call", "withdraw", withdrawn).out.startswith("nothing changed, the claim had ended: ")
    assert "not on offer, or no longer; kim is AVAILABLE" in onduty("call", "accept", kim, withdrawn, code=1).err


def test_a_lost_race_for_a_person_is_told(onduty, kim):
    """The second router hears that the person has an offer already."""
    claim_for(onduty, "--staff", kim, "--call", "c-1")
    refused = onduty("call", "claim", "--staff", kim, "--call", "c-2", code=1).err.splitlines()
    assert refused[0] == "refused: no call can be assigned to kim, who is AVAILABLE with call c-1 on offer"


def test_a_group_where_nobody_is_free_tells_the_counts(onduty, kim):
    """And an unknown group is told apart."""
    onduty("status", "set", kim, "busy")
    refused = onduty("call", "claim", "--group", "sales", "--call", "c-1", code=1).err
    assert refused.startswith("refused: nobody in sales can take a call now: 1 BUSY")
    assert "nobody is in skill group sale\n" in onduty("call", "claim", "--group", "sale", "--call", "c-1", code=1).err


def test_an_unknown_claim_is_told(onduty):
    """It may have ended long ago."""
    assert onduty("call", "withdraw", "nope", code=1).err.startswith("unknown: there is no claim nope")


def test_a_call_is_placed_by_hand(onduty, kim):
    """In line at once; while offline it is refused with how to sign in."""
    assert onduty("call", "place", kim, "c-1").out.startswith("kim is IN_LINE in c-1 (outbound)")
    onduty("staff", "add", "lee")
    assert "Sign in first: onduty status set lee available" in onduty("call", "place", "lee", "c-2", code=1).err


@pytest.mark.parametrize("ttl", ["100ms", "11m"])
def test_a_time_to_live_out_of_bounds_is_the_servers_to_refuse(onduty, kim, ttl: str):
    """The command line has no bounds of its own."""
    assert onduty("call", "claim", "--staff", kim, "--call", "c", "--ttl", ttl, code=1).err.startswith("refused: --ttl: ")


def test_a_call_that_was_answered_is_counted_as_that(onduty, kim):
    """Told at its start or at its end; a call about which nothing was told is not counted."""
    onduty("call", "start", kim, "c-1", "--answered")
    onduty("call", "end", kim, "c-1")
    onduty("call", "start", kim, "c-2")
    onduty("call", "end", kim, "c-2", "--answered")
    onduty("call", "start", kim, "c-3")
    onduty("call", "end", kim, "c-3", "--unanswered")
    onduty("call", "start", kim, "c-4")
    onduty("call", "end", kim, "c-4")
    (calls,) = onduty("time", kim, "--json").json["calls"]
    assert (calls["calls_started"], calls["calls_answered"]) == (4, 2)

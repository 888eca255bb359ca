"""The writer: batches, order, refusals, and what they leave."""

import asyncio
from dataclasses import replace

import pytest
from engine_floor import BUSY, ORIGIN, TENANT, Floor, counted

from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import (
    JournalUnavailableError,
    NobodyAvailableError,
    NotAssignableError,
    RequestIdReusedError,
    RevisionMismatchError,
    StaffUnknownError,
    TransitionRefusedError,
)
from onduty_server.domain.model.policy import BreakReason, Rules
from onduty_server.domain.model.state import AVAILABLE, Choice
from onduty_server.domain.model.status import Direction, Status
from onduty_server.domain.rules.decide import decide
from onduty_server.engine.write import committer, transactions
from onduty_server.engine.write.answers import AnswerCache, RequestKey
from onduty_server.engine.write.jobs import JobRequest
from onduty_server.engine.write.stuck_entries import RecordStuckError
from onduty_server.ports import StaleEntriesError
from onduty_server.wire.codec import ProtobufCodec


async def test_commands_that_arrive_together_are_one_batch(floor: Floor) -> None:
    """Commands that wait while a commit is under way are appended together, each acknowledged on its own."""
    names = [f"p{number}" for number in range(50)]
    await floor.create(*names)
    batches = counted(floor)
    answers = await asyncio.gather(*(floor.choose(name) for name in names))

    assert len(batches) <= 2
    assert sorted(answer.staff.revision for answer in answers) == list(range(51, 101))


async def test_a_batch_of_concurrent_commands_is_held_open_while_more_come(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a commit of many the next one waits until most of those are back, and not for the last ones."""
    monkeypatch.setattr(committer, "GATHER_SECONDS", 600.0)
    names = [f"p{number}" for number in range(10)]
    await floor.create(*names)
    batches = counted(floor)
    await asyncio.gather(*(floor.choose(name) for name in names))
    asked = []
    for name in names[:8]:
        asked.append(asyncio.create_task(floor.choose(name, BUSY)))
        await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await asyncio.gather(*asked)

    assert batches == [10, 8]


async def test_a_batch_is_not_held_open_for_long(floor: Floor) -> None:
    """Of those who asked together and do not come back nobody is waited for longer than a moment."""
    names = [f"p{number}" for number in range(10)]
    await floor.create(*names)
    batches = counted(floor)
    await asyncio.gather(*(floor.choose(name) for name in names))
    async with asyncio.timeout(30):
        await floor.choose("p0", BUSY)

    assert batches == [10, 1]


async def test_a_lone_command_is_committed_at_once(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks one thing after another never waits for company."""
    monkeypatch.setattr(committer, "GATHER_SECONDS", 600.0)
    await floor.create("kim")
    async with asyncio.timeout(30):
        for number in range(10):
            await floor.choose("kim", (AVAILABLE, BUSY)[number % 2])

    assert floor.revision("kim") == 11


async def test_later_commands_of_a_batch_see_earlier_ones(floor: Floor) -> None:
    """Of commands for one person in one batch, each is decided on the state the one before led to."""
    await floor.create("kim")
    first, second, third = await asyncio.gather(floor.choose("kim"), floor.choose("kim", BUSY), floor.choose("kim", AVAILABLE))

    assert [one.staff.revision for one in (first, second, third)] == [2, 3, 4]
    assert third.staff.previous == 3
    assert floor.state("kim").status is Status.AVAILABLE


async def test_a_refusal_within_a_batch_leaves_the_others(floor: Floor) -> None:
    """A refused command changes nothing and takes nobody with it."""
    await floor.create("kim", "lee")
    done = await asyncio.gather(
        floor.choose("kim"),
        floor.submit("kim", commands.BackToReception(ORIGIN)),
        floor.choose("lee"),
        return_exceptions=True,
    )

    assert isinstance(done[1], TransitionRefusedError)
    assert done[1].revision == 3
    assert (floor.revision("kim"), floor.revision("lee")) == (3, 4)


async def test_a_refusal_names_the_durable_revision_it_was_judged_by(floor: Floor) -> None:
    """The state in a refusal is committed when the caller gets it."""
    await floor.create("kim")
    _, refused = await asyncio.gather(floor.choose("kim"), floor.choose("kim", BUSY, expected=1), return_exceptions=True)

    assert isinstance(refused, RevisionMismatchError)
    assert refused.revision == floor.revision("kim") == 2
    assert refused.current == floor.state("kim")


async def test_a_faulty_work_does_not_take_the_batch_with_it(floor: Floor) -> None:
    """A work that breaks is told so; the others of its batch commit."""
    await floor.create("kim")

    def broken(batch):
        batch.act(TENANT, "kim", commands.ChangeStatus(BUSY, ORIGIN))
        raise ZeroDivisionError

    done = await asyncio.gather(floor.engine.transact(TENANT, broken), floor.choose("kim"), return_exceptions=True)

    assert isinstance(done[0], ZeroDivisionError)
    assert floor.state("kim").status is Status.AVAILABLE
    assert floor.revision("kim") == 2


async def test_of_many_claims_one_wins(floor: Floor) -> None:
    """Of any number of routers claiming the same person at once, one wins and the others are told the state."""
    await floor.create("kim")
    await floor.choose("kim")
    done = await asyncio.gather(*(floor.claim("kim", f"claim-{n}", f"call-{n}") for n in range(20)), return_exceptions=True)

    refused = [one for one in done if isinstance(one, NotAssignableError)]
    assert len(refused) == 19
    assert {one.current.offer.claim_id for one in refused} == {floor.state("kim").offer.claim_id}


async def test_the_longest_idle_is_claimed_first(floor: Floor) -> None:
    """Claims on a group go round in the order in which its members became available."""
    await floor.create("ann", "bob", "cid")
    for name in ("bob", "ann", "cid"):
        await floor.choose(name)
        floor.clock.move(1)
    claims = [await floor.claim_member(f"c{number}") for number in range(3)]

    assert [one.staff.state.staff_id for one in claims] == ["bob", "ann", "cid"]


async def test_nobody_to_claim_is_a_refusal_with_counts(floor: Floor) -> None:
    """A claim on a group without an assignable member says how many members have which status."""
    await floor.create("ann", "bob")
    await floor.choose("bob", BUSY)
    with pytest.raises(NobodyAvailableError) as refused:
        await floor.claim_member()

    assert refused.value.counts == {Status.OFFLINE: (1, 0), Status.BUSY: (1, 0)}


async def test_a_group_claim_sees_who_became_available_in_the_same_batch(floor: Floor) -> None:
    """One who signs in and a claim on the group in one batch find each other."""
    await floor.create("ann")
    _, claimed = await asyncio.gather(floor.choose("ann"), floor.claim_member())

    assert claimed.staff.state.staff_id == "ann"


async def test_a_withdrawn_claim_keeps_the_place_in_the_line(floor: Floor) -> None:
    """A caller who hung up does not cost the staff member the place of the longest idle."""
    await floor.create("ann", "bob")
    await floor.choose("ann")
    floor.clock.move(1)
    await floor.choose("bob")
    await floor.claim("ann", "k1")
    await floor.submit("ann", commands.WithdrawClaim("k1", ORIGIN))
    again = await floor.claim_member()

    assert again.staff.state.staff_id == "ann"


async def test_a_missed_offer_goes_to_the_end_of_the_line(floor: Floor) -> None:
    """One who declined is not offered the next call before those who wait."""
    await floor.create("ann", "bob")
    await floor.choose("ann")
    floor.clock.move(1)
    await floor.choose("bob")
    await floor.claim("ann", "k1")
    floor.clock.move(1)
    await floor.submit("ann", commands.DeclineOffer("k1", ORIGIN))
    again = await floor.claim_member()

    assert again.staff.state.staff_id == "bob"


async def test_unknown_staff_are_an_error(floor: Floor) -> None:
    """A command for nobody is refused."""
    with pytest.raises(StaffUnknownError):
        await floor.choose("nobody")


async def test_a_caller_that_goes_away_disturbs_nobody(floor: Floor) -> None:
    """A cancelled caller's work is dropped or done, and the writer goes on."""
    await floor.create("kim", "lee")
    gone = asyncio.create_task(floor.choose("kim"))
    stays = asyncio.create_task(floor.choose("lee"))
    await asyncio.sleep(0)
    gone.cancel()
    await stays

    assert floor.state("lee").status is Status.AVAILABLE
    await floor.choose("kim", BUSY)
    assert floor.state("kim").status is Status.BUSY


async def test_a_policy_change_reaches_those_it_concerns_before_its_answer(floor: Floor) -> None:
    """Capabilities that depend on the policy follow it, for signed-in staff only, and say who changed it."""
    await floor.create("ann", "bob")
    await floor.engine.transact(TENANT, transactions.create_break_reason(TENANT, BreakReason("lunch"), ORIGIN))
    await floor.choose("ann", Choice(Status.ON_BREAK, "lunch"))
    before = floor.revision("bob")
    opened = lambda policy: replace(policy, break_internal_calls=True)  # noqa: E731 - the change that is asked for.
    answer = await floor.engine.update_policy(TENANT, opened, expected=None, origin=ORIGIN, request=None)

    assert floor.state("ann").capabilities.internal_calls
    assert answer.through == floor.revision("ann") == floor.engine.head
    assert floor.revision("bob") == before


async def test_a_work_of_several_commands_is_undone_as_a_whole(floor: Floor) -> None:
    """Where a later command of a work is refused, the earlier ones of it leave no trace, and the batch goes on."""
    await floor.create("kim", "lee")

    def half_done(batch):
        batch.put_break_reason(TENANT, BreakReason("tea"), ORIGIN)
        batch.put_policy(TENANT, replace(batch.rules(TENANT).policy, no_answer_misses=7), ORIGIN)
        batch.act(TENANT, "lee", commands.ChangeStatus(BUSY, ORIGIN))
        batch.act(TENANT, "kim", commands.ChangeStatus(BUSY, ORIGIN))
        batch.act(TENANT, "kim", commands.BackToReception(ORIGIN))

    done = await asyncio.gather(
        floor.choose("kim"), floor.engine.transact(TENANT, half_done), floor.choose("lee"), return_exceptions=True
    )

    assert isinstance(done[1], TransitionRefusedError)
    assert (floor.revision("kim"), floor.revision("lee"), floor.engine.head) == (3, 4, 4)
    assert {floor.state(name).status for name in ("kim", "lee")} == {Status.AVAILABLE}
    assert floor.engine.rosters(TENANT).rules == Rules()


async def test_a_batch_that_another_writer_overtook_is_decided_anew(floor: Floor) -> None:
    """Where the journal has moved on, the works are decided on what is there now, and both changes stand."""
    await floor.create("kim")
    append = floor.engine.journal.append

    async def overtaken(entries, answer_rows):
        floor.engine.journal.append = append
        state, change, _ = decide(floor.state("kim"), commands.ChangeStatus(BUSY, ORIGIN), Rules(), floor.clock.now())
        codec = ProtobufCodec()
        await append([entries[0]._replace(state=codec.encode_state(state), change=codec.encode_change(change))], [])
        return await append(entries, answer_rows)

    floor.engine.journal.append = overtaken
    answer = await floor.choose("kim")

    assert answer.staff.revision == 3
    assert answer.staff.previous == 2
    assert floor.state("kim").status is Status.AVAILABLE


def sticking(floor: Floor, staff_id: str) -> None:
    """From now on the journal takes no record of somebody, whatever is expected: a fault that no input is known to cause."""
    append = floor.engine.journal.append

    async def refusing(entries, answer_rows):
        stale = tuple(index for index, entry in enumerate(entries) if entry.key.name == staff_id)
        if stale:
            raise StaleEntriesError(stale)
        return await append(entries, answer_rows)

    floor.engine.journal.append = refusing


async def test_a_record_that_is_never_taken_holds_up_nobody_else(floor: Floor) -> None:
    """Who changes a record that the journal refuses for ever is told of a fault; all others of the batch are committed."""
    names = [f"p{number}" for number in range(20)]
    await floor.create("kim", *names)
    sticking(floor, "kim")
    async with asyncio.timeout(30):
        kim, *others = await asyncio.gather(*(floor.choose(name) for name in ("kim", *names)), return_exceptions=True)
        later = await floor.choose("p0", BUSY)

    assert isinstance(kim, RecordStuckError)
    assert "'kim'" in str(kim)
    assert [answer.staff.state.status for answer in others] == [Status.AVAILABLE] * 20
    assert later.staff.state.status is Status.BUSY
    assert floor.state("kim").status is Status.OFFLINE
    assert floor.engine.healthy


async def test_a_claim_passes_over_whose_record_is_never_taken(floor: Floor) -> None:
    """A claim by group takes the next one where the first one's record cannot be changed."""
    await floor.create("kim", "lee")
    for name in ("kim", "lee"):
        await floor.choose(name)
        floor.clock.move(1)
    sticking(floor, "kim")
    async with asyncio.timeout(30):
        answer = await floor.claim_member()

    assert answer.staff.state.staff_id == "lee"


async def test_a_deadline_of_whose_record_is_never_taken_holds_up_no_other(floor: Floor) -> None:
    """Deadlines that are due together with one that cannot be recorded are fired."""
    await floor.create("kim", "lee")
    for name in ("kim", "lee"):
        await floor.choose(name)
        await floor.submit(name, commands.CallStarted(commands.SourceCall(f"call of {name}", Direction.INBOUND), "pbx", ORIGIN))
        await floor.submit(name, commands.CallEnded(f"call of {name}", ORIGIN))
    sticking(floor, "kim")
    floor.clock.move(31)
    await floor.until(lambda: floor.state("lee").status is Status.AVAILABLE)

    assert floor.state("kim").status is Status.AFTER_CALL_WORK


async def test_a_fault_of_the_writer_itself_leaves_nobody_waiting(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something that nobody foresaw outside of a batch: who waits is told, and the next command is done."""
    await floor.create("kim")
    monkeypatch.setattr(committer.BatchSizer, "committed", lambda *_args, **_keywords: 1 / 0)
    await floor.choose("kim")
    monkeypatch.undo()
    async with asyncio.timeout(30):
        await floor.choose("kim", BUSY)

    assert floor.state("kim").status is Status.BUSY


async def test_works_together_are_each_on_their_own(floor: Floor) -> None:
    """Of works that one caller asks for together each gets what came of it, a refusal as a value, in their order."""
    await floor.create("kim", "lee")
    batches = counted(floor)
    asked = [
        JobRequest(transactions.act(TENANT, "kim", commands.ChangeStatus(AVAILABLE, ORIGIN), None)),
        JobRequest(transactions.act(TENANT, "nobody", commands.ChangeStatus(AVAILABLE, ORIGIN), None)),
        JobRequest(transactions.act(TENANT, "kim", commands.BackToReception(ORIGIN), None)),
        JobRequest(transactions.act(TENANT, "lee", commands.ChangeStatus(AVAILABLE, ORIGIN), None)),
    ]
    first, unknown, refused, last = await floor.engine.transact_all(TENANT, asked)

    assert (first.staff.revision, last.staff.revision) == (3, 4)
    assert isinstance(unknown, StaffUnknownError)
    assert isinstance(refused, TransitionRefusedError)
    assert batches == [2]
    assert await floor.engine.transact_all(TENANT, []) == []


async def test_a_request_that_is_twice_among_works_is_done_once(floor: Floor) -> None:
    """The second one with the same request id gets the first one's answer; one that was answered before gets that."""
    await floor.create("kim", "lee")

    def asked(name: str, request_id: str) -> JobRequest:
        run = transactions.act(TENANT, name, commands.ChangeStatus(AVAILABLE, ORIGIN), None)
        return JobRequest(run, RequestKey(request_id, name.encode()))

    early = await floor.engine.transact_all(TENANT, [asked("lee", "r2")])
    first, again, before, reused = await floor.engine.transact_all(
        TENANT, [asked("kim", "r1"), asked("kim", "r1"), asked("lee", "r2"), asked("lee", "r1")]
    )

    assert (first.replayed, again.replayed, before.replayed) == (False, True, True)
    assert again.staff.revision == first.staff.revision == 4
    assert before.record.revision == early[0].staff.revision == 3
    assert isinstance(reused, RequestIdReusedError)
    assert floor.engine.head == 4


async def test_works_whose_caller_is_gone_are_forgotten_together(floor: Floor) -> None:
    """A caller who gives up before the batch began leaves nothing done of it."""
    await floor.create("kim", "lee")
    begun, blocked = asyncio.Event(), asyncio.Event()
    append = floor.engine.journal.append

    async def blocking(entries, answer_rows):
        begun.set()
        await blocked.wait()
        return await append(entries, answer_rows)

    floor.engine.journal.append = blocking
    other = asyncio.create_task(floor.choose("kim"))
    await begun.wait()
    jobs = [
        JobRequest(transactions.act(TENANT, name, commands.ChangeStatus(Choice(Status.BUSY), ORIGIN), None))
        for name in ("kim", "lee")
    ]
    gone = asyncio.create_task(floor.engine.transact_all(TENANT, jobs))
    await floor.until(lambda: len(floor.engine.queue.waiting) == len(jobs))
    gone.cancel()
    await asyncio.sleep(0)
    blocked.set()
    await other
    await floor.choose("lee")

    assert (floor.state("kim").status, floor.state("lee").status) == (Status.AVAILABLE, Status.AVAILABLE)
    assert floor.engine.head == 4


async def test_a_failure_settles_works_of_one_caller_once(floor: Floor) -> None:
    """Works of one caller in two batches: the first batch has one that was answered before, then the journal fails."""
    names = [f"p{number}" for number in range(committer.BATCH_COST)]
    await floor.create("kim", *names)

    def asked(name: str, request_id: str) -> JobRequest:
        run = transactions.act(TENANT, name, commands.ChangeStatus(AVAILABLE, ORIGIN), None)
        return JobRequest(run, RequestKey(request_id, name.encode()))

    await floor.engine.transact_all(TENANT, [asked("kim", "r-kim")])
    floor.engine.queue._book._cache = AnswerCache()  # it is in the journal only
    floor.engine.queue._book._look_up_left = 0  # and is met at the append
    append = floor.engine.journal.append

    async def failing(entries, answer_rows):
        await append(entries, answer_rows)  # tells of the duplicate
        floor.engine.journal.append = append
        raise JournalUnavailableError("the disk is gone")

    floor.engine.journal.append = failing
    jobs = [asked("kim", "r-kim"), *(asked(name, f"r-{name}") for name in names)]
    answers = await floor.engine.transact_all(TENANT, jobs)

    assert answers[0].replayed
    assert all(isinstance(one, JournalUnavailableError) for one in answers[1 : committer.BATCH_COST])
    assert len(answers) == len(jobs)

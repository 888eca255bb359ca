"""Any sequence of operations on a journal, held against ``JournalModel``. Part of ``journal_contract.py``."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from adapters.journal_entries import JournalFactory, answer_of, answer_row, entry, latest, ordered
from adapters.journal_model import JournalModel
from hypothesis import given, settings
from hypothesis import strategies as st
from quick import examples
from unhurried import UNHURRIED

from onduty_server.domain.model.status import Cause, Direction, OfferEnd, Status
from onduty_server.past import CallName, HistoryQuery, Interval, Life, PersonQuery, SumsQuery, Talk
from onduty_server.ports import DuplicateAnswersError, Journal, Key, RecordKind, StaleEntriesError

TENANTS = ["acme", "other"]
NAMES = ["anna", "ben", "Zoë", "x" * 128]
KEYS = [Key(tenant, RecordKind.STAFF, name) for tenant in TENANTS for name in NAMES] + [
    Key("acme", RecordKind.POLICY, ""),
    Key("other", RecordKind.BREAK_REASON, "lunch"),
]
REQUEST_IDS = [f"r-{number}" for number in range(12)]
CAUSES = [None, Cause.STAFF, Cause.CLAIM, Cause.WRAP_UP_ENDED]

FACETS = ("groups", "groups_after", "calls", "answered", "offer_made", "offer_end")
CALL_IDS = ["c-1", "c-2", "c-3"]

tenants = st.sampled_from(TENANTS)
groups = st.lists(st.sampled_from(["cards", "loans", "Zürich"]), max_size=2, unique=True).map(
    lambda names: tuple(sorted(names))
)
instants = st.integers(0, 400)
limits = st.sampled_from([1, 2, 5, 1_000])
staff_ids = st.one_of(
    st.just(()), st.lists(st.sampled_from([*NAMES, "nobody"]), max_size=3).map(tuple), st.just((*NAMES, *map(str, range(20))))
)

entries = st.fixed_dictionaries(
    {
        "key": st.sampled_from(KEYS),
        "offset": st.sampled_from([0] * 30 + [-1, 1]),
        "delay": st.integers(0, 20),
        "late": st.integers(0, 5),
        "cause": st.sampled_from(CAUSES),
        "closes": st.one_of(
            st.none(),
            st.tuples(
                st.sampled_from([*Status, Status.IN_LINE, Status.IN_LINE]), st.sampled_from(["", "lunch"]), st.integers(0, 40)
            ),
        ),
        "groups": groups,
        "groups_after": st.none() | groups,
        "calls": st.lists(st.builds(CallName, st.just("pbx"), st.sampled_from(CALL_IDS)), max_size=2).map(tuple),
        "answered": st.lists(st.sampled_from(Direction), max_size=3).map(tuple),
        "talks": st.lists(st.tuples(st.sampled_from(Direction), st.integers(0, 40)), max_size=2),
        "offer_made": st.booleans(),
        "offer_end": st.none() | st.sampled_from(OfferEnd),
        "state": st.binary(max_size=20),
        "status": st.sampled_from(Status),
        "seen": st.booleans(),
        "life": st.sampled_from([Life.GOES_ON] * 4 + [Life.BEGINS, Life.ENDS]),
    }
)
answer_rows = st.fixed_dictionaries(
    {
        "tenant": tenants,
        "request_id": st.sampled_from(REQUEST_IDS),
        "fingerprint": st.binary(min_size=1, max_size=4),
        "detail": st.binary(max_size=4),
        "at_entry": st.booleans(),
        "at": instants,
    }
)
operations = st.one_of(
    st.tuples(st.just("append"), st.lists(entries, max_size=6), st.lists(answer_rows, max_size=2)),
    st.tuples(st.just("append"), st.lists(entries, max_size=6), st.just([])),
    st.tuples(st.just("forget"), tenants, instants, limits),
    st.tuples(st.just("forget_answers"), instants, limits),
    st.tuples(st.just("reopen")),
)
queries = st.builds(
    HistoryQuery,
    tenant=tenants,
    staff_ids=staff_ids,
    start=st.none() | instants,
    end=st.none() | instants,
    causes=st.lists(st.sampled_from(CAUSES[1:]), max_size=2).map(tuple),
    status_changes_only=st.booleans(),
    skill_groups=st.just(()) | groups,
    within=st.none() | groups,
    call_ids=st.just(()) | st.lists(st.sampled_from(CALL_IDS), max_size=2).map(tuple),
    through=st.none() | st.integers(0, 40),
    after=st.integers(0, 40),
    newest_first=st.booleans(),
    limit=limits,
)


@dataclass
class _Run:
    """A journal and the model of it."""

    factory: JournalFactory
    journal: Journal
    model: JournalModel = field(default_factory=JournalModel)
    clock: int = 0
    changed_at: dict[Key, int] = field(default_factory=dict)

    async def append(self, drawn_entries: list[dict[str, Any]], drawn_rows: list[dict[str, Any]]) -> None:
        batch, changed_at = [], dict(self.changed_at)
        for drawn in drawn_entries:
            self.clock += drawn["delay"]
            key = drawn["key"]
            at = changed_at[key] = max(changed_at.get(key, 0), self.clock - drawn["late"], 0)
            closes = drawn["closes"] and Interval(drawn["closes"][0], drawn["closes"][1], max(0, at - drawn["closes"][2]))
            of_staff = key.kind == RecordKind.STAFF
            closes = closes if of_staff else None
            batch.append(
                entry(
                    key,
                    max(0, self.model.last.get(key, 0) + drawn["offset"]),
                    at=at,
                    recorded_at=self.clock,
                    state=drawn["state"],
                    cause=drawn["cause"],
                    closes=closes,
                    moved=closes is not None and drawn["offer_made"],
                    talks=tuple(Talk(direction, max(0, at - before)) for direction, before in drawn["talks"]),
                    **{name: drawn[name] for name in FACETS},
                    **({"status": drawn["status"], "seen": drawn["seen"]} if of_staff else {}),
                )
            )
        answers = [
            answer_row(
                drawn["request_id"],
                tenant=drawn["tenant"],
                fingerprint=drawn["fingerprint"],
                detail=drawn["detail"],
                at=drawn["at"],
                revision=self.model.head,
                entry=len(batch) - 1 if batch and drawn["at_entry"] else None,
            )
            for drawn in drawn_rows
        ]
        refusals = self.model.refusals(batch, answers)
        try:
            revisions = await self.journal.append(batch, answers)
        except (StaleEntriesError, DuplicateAnswersError) as error:
            refused = [(type(error), vars(error))]
        else:
            refused = []
            assert revisions == self.model.append(batch, answers)
            self.changed_at = changed_at
        assert bool(refused) == bool(refusals)
        assert all(refusal in [(type(error), vars(error)) for error in refusals] for refusal in refused)

    async def forget(self, tenant: str, changed_before: int, limit: int) -> None:
        eligible = self.model.forgettable(tenant, changed_before)
        count = await self.journal.forget(tenant, changed_before, limit=limit)
        gone = {revision for revision in self.model.records if await self.journal.record(revision) is None}
        assert gone <= eligible
        assert len(gone) == count == min(limit, len(eligible))
        self.model.forget(gone)

    async def forget_answers(self, answered_before: int, limit: int) -> None:
        old = {key for key, (_, at) in self.model.answers.items() if at < answered_before}
        count = await self.journal.forget_answers(answered_before, limit=limit)
        gone = {key for key in self.model.answers if await answer_of(self.journal, *key) is None}
        assert gone <= old
        assert len(gone) == count == min(limit, len(old))
        for key in gone:
            del self.model.answers[key]

    async def reopen(self) -> None:
        await self.journal.close()
        self.journal = await self.factory.open()

    async def compare(self, drawn: st.DataObject) -> None:
        journal, model = self.journal, self.model
        assert await journal.head() == model.head
        for tenant in TENANTS:
            assert await journal.horizon(tenant) == model.horizon.get(tenant, 0)
        assert await latest(journal) == model.latest()
        for key, (answer, _) in model.answers.items():
            assert await answer_of(journal, *key) == answer
        for _ in range(3):
            after, limit, tenant = drawn.draw(st.tuples(st.integers(0, 40), limits, st.none() | tenants))
            assert await journal.read(after, limit, tenant=tenant) == model.read(after, limit, tenant)
            tenant = drawn.draw(tenants)
            at = drawn.draw(st.integers(model.horizon.get(tenant, 0), 40))
            through = drawn.draw(st.integers(0, 40))
            assert await journal.places(tenant, at, through) == model.places(tenant, at, through)
            query = drawn.draw(queries)
            assert await journal.history(query) == model.history(query)
            tenant, names = drawn.draw(tenants), drawn.draw(staff_ids)
            persons = tuple(await journal.persons(PersonQuery(tenant, staff_ids=names)))
            bounds = tuple(sorted(drawn.draw(st.lists(instants, min_size=2, max_size=5, unique=True))))
            until, asked_groups, within = drawn.draw(st.tuples(st.integers(0, 40), groups, st.none() | groups))
            asked = SumsQuery(tenant, persons, bounds, until, model.head, asked_groups, within)
            assert ordered(await journal.sums(asked)) == ordered(model.sums(asked))


class ModelContract:
    """The journal and the model cannot be told apart."""

    def test_any_operations(self, journal_factory: JournalFactory):
        """After any appends, refusals, forgetting and reopening, every question has the model's answer."""

        @settings(UNHURRIED, max_examples=examples(60))
        @given(steps=st.lists(operations, max_size=15), drawn=st.data())
        def compare(steps: list[tuple[Any, ...]], drawn: st.DataObject) -> None:
            asyncio.run(self._compare(journal_factory.another(), steps, drawn))

        compare()

    async def _compare(self, factory: JournalFactory, steps: list[tuple[Any, ...]], drawn: st.DataObject) -> None:
        run = _Run(factory, await factory.open())
        try:
            for name, *arguments in steps:
                await getattr(run, name)(*arguments)
            await run.compare(drawn)
        finally:
            await run.journal.close()

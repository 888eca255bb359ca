"""The page of the status machine: tables and diagrams from the tables of rules, and from ``decide`` for what nobody asks."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from generator import happenings, protos
from generator.markdown import code, first_sentence, table
from onduty_server.domain.model.policy import Policy
from onduty_server.domain.model.state import UNCONNECTED
from onduty_server.domain.model.status import Action, Direction, Status
from onduty_server.domain.rules.agreeing import STEPS
from onduty_server.domain.rules.assigning import NEEDS
from onduty_server.domain.rules.deadlines import TABLE as DEADLINES
from onduty_server.domain.rules.facts import TABLE as FACTS
from onduty_server.domain.rules.facts import Fact, Known
from onduty_server.domain.rules.requests import CHANGE_TO, TABLE, Cell
from onduty_server.domain.rules.visible import capabilities

ORDER: Final = (Status.OFFLINE, Status.AVAILABLE, Status.BUSY, Status.ON_BREAK, Status.IN_LINE, Status.AFTER_CALL_WORK)

_ASKED_OF: Final = {action: status for status, action in CHANGE_TO.items()}
_TARGETS: Final[Mapping[Cell, Status]] = {
    Cell.END_WRAP_UP: Status.AVAILABLE,
    Cell.START_CALL: Status.IN_LINE,
    Cell.START_CALL_BY_POLICY: Status.IN_LINE,
}
_CHOOSING: Final = frozenset({Cell.SIGN_IN, Cell.CHOOSE, Cell.CHOOSE_UNLESS_SAME_REASON})


class Edge(NamedTuple):
    """A way from one status to another."""

    source: Status
    target: Status
    label: str


_HEAD = """# The status machine

The visible status follows from three facts that are kept apart: what the staff member *chose*, the *calls* and wrap-up they are
engaged in, and whether a *workspace* is connected. A call in progress makes it `IN_LINE`. Otherwise a choice of `OFFLINE` stays
`OFFLINE`. Otherwise wrap-up makes it `AFTER_CALL_WORK`. Otherwise it is the choice. Why it is built so:
[ADR 1](../adr/0001-three-regions-one-visible-status.md).

The rules are tables of data in `service/onduty_server/domain/rules/`: what is asked (`requests.py`), what is told (`facts.py`),
what expires (`deadlines.py`), and the steps that make the three agree (`agreeing.py`). This page is made from them.

## Statuses and what they allow

"""

_ASKED = """
"By policy" means that a field of the [policy](policy.md) decides. The capabilities come with every state that the service
sends: clients need no table of their own. A status that a client does not know means "not assignable".

## What can be asked

A refused request changes nothing. The refusal names the present state and what is allowed in it. "unchanged" answers OK with
the present state and makes no new revision.

"""

_ASKED_DIAGRAM = """
`ON_BREAK` needs a reason from the tenant's catalogue; any other status refuses a reason. A change away from `AVAILABLE` takes
an outstanding offer back. Answers to an offer (`AcceptOffer`, `DeclineOffer`) depend on the offer's id, not on the status.

The same as a picture; what changes no status is left out:

"""

_CLAIMS = """
## What a claim needs

A router claims a staff member by name, the first of several candidates, or a member of skill groups. What must be open to the
person depends on the direction of the call; whom something bars gets no call of any direction. Who answers the call ends its
other offers (`OFFER_END_ELSEWHERE`). A claim on a group takes who is AVAILABLE first, then BUSY, AFTER_CALL_WORK and ON_BREAK,
as far as they are open; within a status by the order that was asked for.

"""

_BARS = """
A bar holds while an offer is outstanding, while the grace of a vanished workspace runs, and while a hold-off runs. A hold-off
follows a declined or missed offer or an unreachable phone, for as long as the [policy](policy.md) says. An own change to
AVAILABLE, a supervisor's change and an answered call end one that followed a decline or a miss; a reset ends any.

No miss is counted of an offer that was withdrawn, answered elsewhere or superseded, or that ran out while no server ran.

"""

_HAPPENS = """
## What happens without being asked

Reports of calls are facts: they are never refused, because refusing one would leave a person who is talking marked available.
Where the table would have refused the request, the call is flagged `irregular`. Deadlines fire by themselves, each once, also
after a restart. This table is worked out by the service's own rules under the default policy. A dash means that it cannot
happen or changes nothing. In a call a vanished workspace waits: `OFFLINE` comes with the call's end.

"""

_FACTS = """
## What is told

Telephony tells facts: a call is in progress, a call ended, these are all the calls of a source. They come twice, late and
out of order, so what comes of one depends on what is known of its leg. A leg is a channel of a call; a fact without a `leg`
is about every leg of its call, one without a `source` about the only call with that id. Instants of a source are compared with
each other only. Where there are none, a start that arrives within the policy's `late_fact_window` after an end is taken for a
late one.
Why it is built so: [ADR 25](../adr/0025-facts-in-their-sources-own-order.md).

"""

_ANSWERS = """
The answer's `applied` is true where a call or an offer began or ended. An end that is only remembered answers false, with the
outcome `FACT_OUTCOME_NOT_KNOWN`: no such call was in progress or on offer. That is no error, and nothing need be done about it.
"""

_DEADLINES = """
## What expires

Each kind fires once, at its own instant, with its own cause, also after a restart. At equal instants the order is that of this
table.

"""

_STEPS = """
## What makes it agree

After each of these the regions are made to agree by steps, in this order. A step sees what the steps before it did.

"""

_CAUSES = """
## Causes

Every change says why it happened: one of these causes. It also says who asked, which call it is about, and how long the
previous status lasted.

"""


def page() -> str:
    """The page."""
    return "".join(
        (
            _HEAD,
            statuses_table(),
            _ASKED,
            _asked_table(),
            _ASKED_DIAGRAM,
            _diagram(asked_edges()),
            _CLAIMS,
            _claims_table(),
            _BARS,
            _HAPPENS,
            _happenings_table(),
            "\n",
            _diagram(_happening_edges()),
            _FACTS,
            _facts_table(),
            _ANSWERS,
            _DEADLINES,
            _deadlines_table(),
            _STEPS,
            _steps_table(),
            _CAUSES,
            table(["cause", "meaning"], ([code(name), comment] for name, comment in protos.enum_values("Cause"))),
        )
    )


# --- capabilities -----------------------------------------------------------------------------------------------------


def statuses_table() -> str:
    """Every status with its meaning and what it allows, also for the README."""
    comments = dict(protos.enum_values("Status"))
    rows = [[code(status.name), first_sentence(comments[status.name]), *_capability_cells(status)] for status in ORDER]
    return table(
        [
            "status",
            "meaning",
            "inbound calls assigned",
            "dial out",
            "internal calls, transfers",
            "change own status",
            "consult beside a call",
        ],
        rows,
    )


def _capability_cells(status: Status) -> list[str]:
    columns = ("assign_inbound", "dial_out", "internal_calls", "change_status", "consult")
    return [_capability(status, name) for name in columns]


def _capability(status: Status, name: str) -> str:
    """Yes, no, or the policy's flag that decides."""
    by_default = getattr(capabilities(status, None, UNCONNECTED, Policy()), name)
    for flag in (
        "break_internal_calls",
        "after_call_work_dial_out",
        "after_call_work_internal_calls",
        "in_line_consultation",
    ):
        other = _policy_with(flag, not getattr(Policy(), flag))
        if getattr(capabilities(status, None, UNCONNECTED, other), name) != by_default:
            return f"by policy, {'yes' if by_default else 'no'} by default"
    return "yes" if by_default else "no"


def _policy_with(name: str, value: Any) -> Policy:
    return replace(Policy(), **{name: value})


# --- what can be asked ------------------------------------------------------------------------------------------------


def _asked_table() -> str:
    comments = dict(protos.enum_values("Action"))
    rows = [[_asked(comments[action.name]), *(TABLE[action][status].value for status in ORDER)] for action in Action]
    return table(["asked", *(code(status.name) for status in ORDER)], rows)


def _claims_table() -> str:
    """Each direction with the capability that it needs, and the statuses that open it."""
    rows = [[code(direction.name), code(NEEDS[direction]), *_openings(direction)] for direction in Direction]
    return table(["direction", "needs", *(code(status.name) for status in ORDER)], rows)


def _openings(direction: Direction) -> list[str]:
    return [_capability(status, NEEDS[direction]) for status in ORDER]


def _asked(comment: str) -> str:
    """The action in words: the first sentence of its comment, with the RPC's name as code."""
    rpc, _, rest = first_sentence(comment).rstrip(".").partition(" ")
    return f"{code(rpc)} {rest.replace('STATUS_', '')}".strip()


def asked_edges() -> list[Edge]:
    """The ways that the transition table opens, each pair of statuses once."""
    edges = []
    for action in Action:
        for source in ORDER:
            cell = TABLE[action][source]
            target = _ASKED_OF[action] if cell in _CHOOSING else _TARGETS.get(cell)
            if target is not None and target is not source:
                edges.append(Edge(source, target, _edge_label(action)))
    return edges


def _edge_label(action: Action) -> str:
    return "change" if action in _ASKED_OF else action.name.lower().replace("_", " ")


# --- what happens -----------------------------------------------------------------------------------------------------


def _happenings_table() -> str:
    rows = [
        [one.words, *(_outcome(status, happenings.outcome(one, status)) for status in ORDER)] for one in happenings.HAPPENINGS
    ]
    return table(["what happens", *(code(status.name) for status in ORDER)], rows)


def _outcome(before: Status, after: Status | None) -> str:
    if after is None:
        return "-"
    return "stays" if after is before else f"to {after.name}"


def _happening_edges() -> list[Edge]:
    found = (Edge(status, after, one.words) for one, status, after in happenings.changes(ORDER))
    return [edge for edge in found if edge.source is not edge.target]


# --- what is told, expires and follows ----------------------------------------------------------------------------------


def _facts_table() -> str:
    rows = [[known.value, *(FACTS[fact][known].value for fact in Fact)] for known in Known]
    return table(["known of the leg", *(fact.value for fact in Fact)], rows)


def _deadlines_table() -> str:
    rows = [[code(row.kind.name), row.when, row.expiry.value, code(row.cause.name)] for row in DEADLINES]
    return table(["deadline", "fires when", "effect", "cause"], rows)


def _steps_table() -> str:
    rows = [[str(number), step.name, step.condition, step.effect, step.reason] for number, step in enumerate(STEPS, start=1)]
    return table(["", "step", "when", "effect", "why here"], rows)


# --- diagrams ---------------------------------------------------------------------------------------------------------


def _diagram(edges: Iterable[Edge]) -> str:
    """A state diagram; the labels of one way are joined."""
    labels: dict[tuple[Status, Status], list[str]] = {}
    for source, target, label in edges:
        known = labels.setdefault((source, target), [])
        if label not in known:
            known.append(label)
    lines = [f"    {source.name} --> {target.name} : {', '.join(words)}\n" for (source, target), words in labels.items()]
    return "```mermaid\nstateDiagram-v2\n    direction LR\n    [*] --> OFFLINE\n" + "".join(lines) + "```\n"

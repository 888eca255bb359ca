"""The requests by which a scenario's people, break reasons and policy come to be. It sends nothing.

A person is a status, or a mapping of ``status``, ``groups``, ``break`` and ``calls``. In IN_LINE the call is ``earlier-call``;
in AFTER_CALL_WORK it is the one that ended. Who is ON_BREAK has the reason ``lunch`` unless another is given.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

CALL: Final = "earlier-call"
NOTE: Final = "set up"
CALLED: Final = ("IN_LINE", "AFTER_CALL_WORK")

Request = tuple[str, dict[str, Any]]


def set_up_requests(kind: str, subject: Any) -> Iterator[Request]:
    """The requests for a step of this kind: ``staff``, ``breaks`` or ``policy``."""
    if kind == "breaks":
        for code in subject:
            yield "AdminService/CreateBreakReason", {"code": code}
    elif kind == "policy":
        yield "AdminService/UpdatePolicy", {"policy": dict(subject)}
    else:
        people = {name: one if isinstance(one, Mapping) else {"status": one} for name, one in subject.items()}
        yield from _people(people)


def _people(people: Mapping[str, Mapping[str, Any]]) -> Iterator[Request]:
    created = [{"staff_id": name, "skill_groups": _groups(one.get("groups", ()))} for name, one in people.items()]
    yield "AdminService/BatchCreateStaff", {"requests": created}
    chosen = [_choice(name, one) for name, one in people.items() if one.get("status", "OFFLINE") != "OFFLINE"]
    if chosen:
        yield "SupervisorService/BatchForceStatus", {"requests": chosen}
    started = [name for name, one in people.items() if one.get("status") in CALLED]
    ended = [name for name, one in people.items() if one.get("status") == "AFTER_CALL_WORK"]
    facts = [{"started": {"staff_id": name, "call_id": CALL}} for name in started]
    facts += [{"ended": {"staff_id": name, "call_id": CALL}} for name in ended]
    if facts:
        yield "RouterService/ReportCallEvents", {"events": facts}


def _choice(name: str, person: Mapping[str, Any]) -> dict[str, Any]:
    status = "AVAILABLE" if person["status"] in CALLED else person["status"]
    choice = {"status": f"STATUS_{status}"}
    if status == "ON_BREAK":
        choice["break_reason"] = person.get("break", "lunch")
    return {"staff_id": name, "choice": choice, "note": NOTE}


def _groups(groups: Iterable[str | Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Groups by name alone, or as the contract has them."""
    return [{"name": one} if isinstance(one, str) else one for one in groups]

"""Asks the service which staff, skill groups and break reasons there are: to say that one is not there, and what is near."""

from collections.abc import Iterable, Iterator

from onduty.v1 import history_service_pb2, router_service_pb2, staff_pb2, supervisor_service_pb2, workspace_service_pb2
from onduty_cli.connection import Session
from onduty_cli.failures import CommandError, RefusedError, UnknownNameError
from onduty_cli.nearness import near_words
from onduty_cli.pages import pages_of

_FILTER_MOST = 1_000
_HINT_PAGES_MOST = 10
"""A hint looks at so many pages of the directory; more would keep its reader waiting."""


def staff_pages(session: Session, wanted: staff_pb2.StaffFilter) -> Iterator[list[staff_pb2.Staff]]:
    """Yields all staff that the filter matches, by id, as they were at one revision, in pages of up to 1,000."""
    request = router_service_pb2.ListStaffRequest(filter=wanted)
    for page in pages_of(session, session.router.ListStaff, request):
        yield list(page.staff)


def staff_by_id(session: Session, staff_ids: Iterable[str]) -> dict[str, staff_pb2.Staff]:
    """Returns those of the staff who are in the directory."""
    ids = sorted({staff_id for staff_id in staff_ids if staff_id})
    found: dict[str, staff_pb2.Staff] = {}
    for start in range(0, len(ids), _FILTER_MOST):
        wanted = staff_pb2.StaffFilter(staff_ids=ids[start : start + _FILTER_MOST])
        found.update((member.staff_id, member) for page in staff_pages(session, wanted) for member in page)
    return found


class NameBook:
    """The names of staff by id, asked for as they are needed and remembered for one run of a command."""

    def __init__(self, session: Session) -> None:
        """Remember nobody yet."""
        self._session = session
        self._names: dict[str, str] = {}

    def names(self, staff_ids: Iterable[str]) -> dict[str, str]:
        """Returns the name of each id; empty for those without one, or who are deleted."""
        wanted = set(staff_ids)
        new = wanted - self._names.keys()
        found = staff_by_id(self._session, new)
        self._names.update({staff_id: found[staff_id].display_name if staff_id in found else "" for staff_id in new})
        return {staff_id: self._names[staff_id] for staff_id in wanted}


def skill_groups(session: Session) -> list[str]:
    """Returns all skill groups that somebody is in, sorted."""
    request = supervisor_service_pb2.GetStaffSummaryRequest()
    pages = pages_of(session, session.supervisor.GetStaffSummary, request)
    return sorted({group.skill_group for page in pages for group in page.skill_groups})


def break_codes(session: Session) -> list[str]:
    """Returns the codes of the break reasons that can be chosen."""
    request = workspace_service_pb2.ListBreakReasonsRequest()
    pages = pages_of(session, session.workspace.ListBreakReasons, request)
    return [reason.code for page in pages for reason in page.break_reasons if not reason.built_in]


def require_groups(session: Session, groups: Iterable[str] | None) -> None:
    """Checks that somebody is in each of the skill groups.

    Raises:
        UnknownNameError: There is no such group.
    """
    wanted = list(groups or ())
    if not wanted:
        return
    known = skill_groups(session)
    for group in wanted:
        if group not in known:
            raise UnknownNameError("skill group", group, near_words(group, known), "See the groups: onduty summary")


def require_staff(session: Session, staff_ids: Iterable[str] | None, *, past_too: bool = False) -> None:
    """Checks that there is each of the staff.

    Args:
        session: Where to ask.
        staff_ids: Whom the user named.
        past_too: Whether those count who are deleted but have a history.

    Raises:
        UnknownNameError: There is no such staff member.
    """
    wanted = list(dict.fromkeys(staff_ids or ()))
    known = staff_by_id(session, wanted)
    for staff_id in wanted:
        if staff_id not in known and not (past_too and _has_history(session, staff_id)):
            raise UnknownNameError("staff member", staff_id, near_staff(session, staff_id), "See the staff: onduty staff list")


def unknown_names(
    session: Session, *, groups: Iterable[str] | None, staff_ids: Iterable[str] | None
) -> UnknownNameError | None:
    """What a filter names that is not there now, though it may come; None where all is, or nobody can be asked."""
    try:
        require_groups(session, groups)
        require_staff(session, staff_ids)
    except UnknownNameError as error:
        return error
    except CommandError:
        # It is only a hint, and who follows the floor waits for the server anyway.
        return None
    return None


def _has_history(session: Session, staff_id: str) -> bool:
    wanted = history_service_pb2.TransitionFilter(staff_ids=[staff_id])
    request = history_service_pb2.ListTransitionsRequest(filter=wanted, page_size=1)
    return bool(session.call(session.history.ListTransitions, request).transitions)


def near_staff(session: Session, staff_id: str) -> list[str]:
    """Returns ids of staff that are like this one, by id or by name."""
    by_word: dict[str, str] = {}
    for _, page in zip(range(_HINT_PAGES_MOST), staff_pages(session, staff_pb2.StaffFilter()), strict=False):
        for member in page:
            by_word.setdefault(member.display_name.casefold(), member.staff_id)
            by_word[member.staff_id.casefold()] = member.staff_id
    return list(dict.fromkeys(by_word[word] for word in near_words(staff_id, by_word)))


def near_to_refused(session: Session, refused: RefusedError) -> list[str]:
    """Returns what was probably meant by the name that the service did not know; nothing if it cannot be found out."""
    try:
        if refused.reason == "STAFF_UNKNOWN":
            return near_staff(session, refused.metadata.get("staff_id", ""))
        if refused.reason == "BREAK_REASON_UNKNOWN":
            return near_words(refused.metadata.get("break_reason", ""), break_codes(session))
        if refused.reason == "NOBODY_AVAILABLE" and not (refused.nobody and refused.nobody.counts):
            known, asked = skill_groups(session), refused.metadata.get("skill_groups", "")
            return list(dict.fromkeys(near for group in asked.split(",") if group for near in near_words(group, known)))
    except CommandError:
        # It is only a hint; the role may not allow the question.
        return []
    return []

"""Requests that were answered before: the recent ones in memory; the journal has the rest. It answers nothing itself."""

import json
from collections import OrderedDict
from typing import Any

from onduty_server.domain.errors import RequestIdReusedError
from onduty_server.domain.values import value
from onduty_server.ports import StoredAnswer

RECENT_ANSWERS = 50_000


@value
class RequestKey:
    """A request's id (never empty) and the fingerprint of its content."""

    request_id: str
    fingerprint: bytes

    def check(self, stored_fingerprint: bytes) -> None:
        """Raises RequestIdReusedError where the id was used with other content."""
        if stored_fingerprint != self.fingerprint:
            raise RequestIdReusedError(self.request_id)


class RecentAnswers:
    """The latest answers, so that a quick retry does not go to the storage."""

    def __init__(self) -> None:
        """Empty."""
        self._answers: OrderedDict[tuple[str, str], StoredAnswer] = OrderedDict()

    def find(self, place: tuple[str, str]) -> StoredAnswer | None:
        """The answer to a tenant's request id, if it is among the recent ones."""
        return self._answers.get(place)

    def keep(self, place: tuple[str, str], answer: StoredAnswer) -> None:
        """Keep an answer that is durable; the oldest goes when there are too many."""
        self._answers[place] = answer
        if len(self._answers) > RECENT_ANSWERS:
            self._answers.popitem(last=False)


def pack_detail(detail: dict[str, Any]) -> bytes:
    """What an answer says beside the state; nothing for the usual answer."""
    return json.dumps(detail, separators=(",", ":")).encode() if detail else b""


def unpack_detail(stored: bytes) -> dict[str, Any]:
    """The detail back."""
    found: dict[str, Any] = json.loads(stored) if stored else {}
    return found

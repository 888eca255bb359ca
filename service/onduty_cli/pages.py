"""Walks the pages of a list; it shows nothing."""

from collections.abc import Callable, Iterator
from typing import Any

from google.protobuf.message import Message

from onduty_cli.connection import Session

PAGE_SIZE = 1_000
"""How many a page holds where nothing else is wanted: the most that the server gives."""


def pages_of(session: Session, method: Callable[..., Any], request: Message, *, page_size: int = PAGE_SIZE) -> Iterator[Any]:
    """Yields the answer for each page. ``request`` is one that asks for pages; it is left as it is.

    Raises:
        CommandError: As ``Session.call``.
    """
    asked: Any = type(request)()
    asked.CopyFrom(request)
    asked.page_size = page_size
    while True:
        page = session.call(method, asked)
        yield page
        asked.page_token = page.next_page_token
        if not asked.page_token:
            return

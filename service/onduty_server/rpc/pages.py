"""Cuts lists into pages by count and by bytes, each continued after a name."""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from google.protobuf.message import Message

from onduty_server.domain.model.errors import PageTokenInvalidError
from onduty_server.engine.watch.positions import Positions

PAGE_BYTES: Final = 1024 * 1024
"""What the elements of a page have together at most; the first one is told whatever its size."""

T = TypeVar("T")
M = TypeVar("M", bound=Message)


def cut(elements: Iterable[M], count: int) -> tuple[list[M], bool]:
    """The messages of one page, and whether there are more."""
    return cut_by(elements, count, lambda message: message.ByteSize())


def cut_by(elements: Iterable[T], count: int, size_of: Callable[[T], int]) -> tuple[list[T], bool]:
    """The elements of one page, at most ``count`` and about 1 MiB, and whether there are more."""
    page: list[T] = []
    size = 0
    for element in elements:
        size += size_of(element)
        if len(page) == count or (page and size > PAGE_BYTES):
            return page, True
        page.append(element)
    return page, False


def name_after(positions: Positions, token: str, question: str) -> str:
    """The name after which a page begins; empty for the first page.

    Raises:
        PageTokenInvalidError: The token was not made for this question.
    """
    if not token:
        return ""
    name = positions.page_place(token, question).get("n")
    if not isinstance(name, str) or not name:
        raise PageTokenInvalidError
    return name

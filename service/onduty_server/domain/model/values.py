"""How values are made: immutable to the type checker, plain to the interpreter; decides nothing."""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def value(cls: type[T]) -> type[T]:
    """A dataclass that is never changed once it is made, by the type checker's word.

    To have Python refuse changes too makes building a value two and a half times as slow, and every command builds a dozen.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)

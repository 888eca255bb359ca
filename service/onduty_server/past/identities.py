"""What a record and a person are called for ever: revisions and person ids."""

from typing import Final, NewType

Revision = NewType("Revision", int)
"""A record's place in the total order of a store: 1, 2, 3 ... without gaps; 0 is before all."""

NO_REVISION: Final = Revision(0)
"""Before all records; also "none"."""

PersonId = NewType("PersonId", str)
"""Who is behind a staff id: 16 hex digits below 2 to the 63rd, drawn at random at the creation."""

_HEX: Final = frozenset("0123456789abcdef")


def looks_like_person_id(value: str) -> bool:
    """Whether a text has the form of a person id."""
    return len(value) == 16 and _HEX.issuperset(value)


NOBODY: Final = PersonId("")
"""No person: a record of configuration."""

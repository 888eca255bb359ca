"""Tells entries that nothing can make fit from those that somebody else's change has overtaken."""

from collections.abc import Sequence

from onduty_server.ports import Entry, Key, Revision


class RecordStuckError(Exception):
    """The journal refuses a record that follows all that there is of its key, as far as can be read: a fault of the service."""

    def __init__(self, key: Key, expected: Revision) -> None:
        """``expected`` is the last revision of ``key`` that could be read."""
        super().__init__(
            f"the journal takes no record of {key.kind.name.lower()} {key.name!r} of tenant {key.tenant!r} after revision "
            f"{expected}, which is the last that it shows of it: see with `onduty journal verify` what is wrong with it"
        )
        self.key = key


class StuckEntries:
    """The stale entries of the attempts of one commit.

    An entry that has been overtaken expects another revision once the server has caught up. One that comes back with the same
    expectation would come back for ever.
    """

    def __init__(self) -> None:
        """Nothing was stale yet."""
        self._stale: set[tuple[Key, Revision]] = set()

    def among(self, entries: Sequence[Entry], stale: Sequence[int]) -> dict[int, RecordStuckError]:
        """Those of the ``stale`` entries (indexes) that were stale before in the same way; all of them are noted."""
        stuck: dict[int, RecordStuckError] = {}
        for index in stale:
            entry = entries[index]
            if (entry.key, entry.expected) in self._stale:
                stuck[index] = RecordStuckError(entry.key, entry.expected)
        self._stale.update((entries[index].key, entries[index].expected) for index in stale)
        return stuck

"""A mapping from tenants to one value each, made when it is first asked for."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class _Known(dict[str, T]):
    """What was made; what is missing is made. A dictionary, so that what is there is found without a call of Python's."""

    def __init__(self, make: Callable[[str], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, tenant: str) -> T:
        made = self[tenant] = self._make(tenant)
        return made


class Tenants(Generic[T]):
    """One thing a tenant, made when it is first asked for. ``of`` is the same as calling it, for those who do it often."""

    def __init__(self, make: Callable[[str], T]) -> None:
        """``make`` gets the tenant."""
        self._make = make
        self._known = _Known(make)
        self.of: Callable[[str], T] = self._known.__getitem__

    def __call__(self, tenant: str) -> T:
        """The tenant's."""
        return self._known[tenant]

    def peek(self, tenant: str) -> T:
        """The tenant's, or a new one that is not kept: for reading, which makes nothing."""
        known = self._known.get(tenant)
        return self._make(tenant) if known is None else known

    def drop(self, tenant: str) -> None:
        """Forget the tenant's, if there is one."""
        self._known.pop(tenant, None)

    def clear(self) -> None:
        """Forget everybody's."""
        self._known.clear()

    def become(self, other: "Tenants[T]") -> None:
        """Have what another has, and nothing else."""
        self._known.clear()
        self._known.update(other.items())

    def values(self) -> list[T]:
        """All that were made, without their tenants."""
        return list(self._known.values())

    def items(self) -> list[tuple[str, T]]:
        """All that were made."""
        return list(self._known.items())

"""One thing a tenant, made when it is first asked for; knows nothing of what it holds."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Tenants(Generic[T]):
    """One thing a tenant, made when it is first asked for."""

    def __init__(self, make: Callable[[str], T]) -> None:
        """``make`` gets the tenant."""
        self._make = make
        self._known: dict[str, T] = {}

    def __call__(self, tenant: str) -> T:
        """The tenant's."""
        found = self._known.get(tenant)
        if found is None:
            found = self._known[tenant] = self._make(tenant)
        return found

    def values(self) -> list[T]:
        """All that were made, without their tenants."""
        return list(self._known.values())

    def items(self) -> list[tuple[str, T]]:
        """All that were made."""
        return list(self._known.items())

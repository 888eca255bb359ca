"""Who may speak to the gateway from a browser: the host asked for, the page's origin, CORS, and the headers of safety."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from onduty_web.exchange import Receive, Scope, Send
from onduty_web.metadata import Header
from onduty_web.session import with_credential

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; media-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types lit-html"
)
"""Nothing inline, and nothing from anywhere else."""

_SAFETY: Final[Sequence[Header]] = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
_EXPOSED: Final = b"*, grpc-status, grpc-message, grpc-status-details-bin, grpc-encoding, connect-content-encoding"
_ASKABLE: Final = (
    b"authorization, content-type, connect-protocol-version, connect-timeout-ms, connect-accept-encoding, "
    b"connect-content-encoding, grpc-timeout, grpc-encoding, grpc-accept-encoding, x-grpc-web, x-user-agent, "
    b"onduty-tenant, onduty-actor"
)
_PREFLIGHT_SECONDS: Final = b"7200"


@dataclass(frozen=True, slots=True)
class GuardRules:
    """Whom the guard lets through."""

    hosts: frozenset[str] = frozenset()
    """Names by which the gateway is asked, in lower case, beside addresses and ``localhost``."""
    origins: frozenset[str] = frozenset()
    """Origins of other sites whose pages may call, as ``https://crm.example``."""
    any_host: bool = False
    """With a certificate a browser has checked the name already."""


class Guard:
    """An ASGI application in front of another."""

    def __init__(self, application: Any, rules: GuardRules) -> None:
        self._application = application
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or refuses it."""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = headers.get(b"host", ""), headers.get(b"origin", "")
        if not self._is_ours(host):
            await _refuse(send, 421, f"this is not {host or 'a host without a name'}: name it with --allowed-hosts\n")
            return
        is_own = not origin or urlsplit(origin).netloc.lower() == host.lower()
        is_listed = origin.lower() in self._rules.origins
        from_elsewhere = headers.get(b"sec-fetch-site", "") in ("cross-site", "same-site") and not origin
        navigates = headers.get(b"sec-fetch-mode", "") == "navigate" and scope["method"] == "GET"
        if not (is_own or is_listed) or (from_elsewhere and not navigates):
            await _refuse(send, 403, f"pages of {origin or 'other sites'} may not call: name them with --allowed-origins\n")
            return
        cors = _cors(origin) if is_listed else []
        if is_listed and scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
            await _preflight(send, cors)
            return
        safe = {**scope, "headers": with_credential(scope["headers"], by_cookie=is_own and not from_elsewhere)}
        await self._application(safe, receive, _adding(send, [*_SAFETY, *cors]))

    def _is_ours(self, host: str) -> bool:
        """An address cannot be rebound, a name of somebody else's can."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").lower().rstrip(".")
        except ValueError:
            return False
        if self._rules.any_host or name == "localhost" or name.endswith(".localhost") or name in self._rules.hosts:
            return bool(name)
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


def _cors(origin: str) -> list[Header]:
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-expose-headers", _EXPOSED),
        (b"vary", b"origin"),
    ]


async def _preflight(send: Send, cors: list[Header]) -> None:
    headers = [
        *cors,
        (b"access-control-allow-methods", b"GET, POST"),
        (b"access-control-allow-headers", _ASKABLE),
        (b"access-control-max-age", _PREFLIGHT_SECONDS),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body"})


async def _refuse(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_SAFETY]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode("utf-8", "replace")})


def _adding(send: Send, headers: Sequence[Header]) -> Send:
    async def with_headers(event: Any) -> None:
        if event["type"] == "http.response.start":
            event = {**event, "headers": [*event["headers"], *headers]}
        await send(event)

    return with_headers

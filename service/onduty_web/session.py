"""Signing in from a page: a key or token becomes a cookie that no script can read, and the cookie a credential again."""

import json
from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

from google.protobuf.message import DecodeError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from onduty.v1.server_service_pb2 import WhoAmIRequest, WhoAmIResponse
from onduty_web.codes import HTTP_STATUS
from onduty_web.connect_unary import error_json
from onduty_web.failures import Failure
from onduty_web.metadata import Header
from onduty_web.methods import RpcMethod
from onduty_web.upstream import Upstream

COOKIE: Final = "__Host-onduty"
"""The prefix makes browsers hold it to HTTPS (or this machine), to this host and to every path."""
TOKEN_LENGTH: Final = 3_800
"""A browser keeps no larger cookie."""

_ATTRIBUTES: Final = "Path=/; Secure; HttpOnly; SameSite=Strict"
_LONGEST_BODY: Final = 8_192
_ANSWER_SECONDS: Final = 5.0


def with_credential(headers: Sequence[Header], *, by_cookie: bool) -> list[Header]:
    """The headers with the cookie's credential, unless they have one or ``by_cookie`` says that none counts."""
    if not by_cookie or any(name == b"authorization" for name, _ in headers):
        return list(headers)
    for name, value in headers:
        if name == b"cookie" and (token := _token(value.decode("latin-1"))):
            return [*headers, (b"authorization", f"Bearer {token}".encode("latin-1"))]
    return list(headers)


class Session:
    """The endpoint ``/sign-in``: POST signs in, DELETE signs out."""

    def __init__(self, upstream: Upstream, who_am_i: RpcMethod) -> None:
        self._upstream = upstream
        self._who_am_i = who_am_i

    async def sign_in(self, request: Request) -> Response:
        """Makes the cookie, if the service takes the token; answers as whom it understands the caller."""
        token = await _given(request)
        if token is None:
            return JSONResponse({"code": "invalid_argument", "message": 'needs the JSON {"token": "..."}'}, 400)
        metadata = [("authorization", f"Bearer {token}")]
        if tenant := request.headers.get("onduty-tenant"):
            metadata.append(("onduty-tenant", tenant))
        outcome = await self._ask(metadata)
        if isinstance(outcome, Failure):
            return JSONResponse(error_json(outcome, self._who_am_i), HTTP_STATUS[outcome.code], _NO_STORE)
        headers = {**_NO_STORE, "set-cookie": f"{COOKIE}={token}; {_ATTRIBUTES}"}
        return JSONResponse({"actorId": outcome.actor_id, "tenants": list(outcome.tenants)}, headers=headers)

    async def sign_out(self, request: Request) -> Response:
        """Takes the cookie away."""
        del request
        return Response(status_code=204, headers={**_NO_STORE, "set-cookie": f"{COOKIE}=; Max-Age=0; {_ATTRIBUTES}"})

    async def _ask(self, metadata: list[tuple[str, str | bytes]] | Any) -> WhoAmIResponse | Failure:
        request = WhoAmIRequest().SerializeToString()
        call = self._upstream.start(self._who_am_i, request, metadata, timeout=_ANSWER_SECONDS)
        content = await call.read()
        outcome = await call.end()
        if isinstance(outcome, Failure):
            return outcome
        return WhoAmIResponse.FromString(content or b"")


_NO_STORE: Final = {"cache-control": "no-store"}


async def _given(request: Request) -> str | None:
    """The token of a sign-in; None: there is none that could be one. A form cannot send this type of content."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return None
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > _LONGEST_BODY:
            return None
    try:
        token = json.loads(content)["token"]
    except (ValueError, KeyError, TypeError, DecodeError):
        return None
    return token if isinstance(token, str) and _can_be_kept(token) else None


def _can_be_kept(token: str) -> bool:
    return 0 < len(token) <= TOKEN_LENGTH and token.isascii() and token.isprintable() and not set(token) & set(' ",;\\')


def _token(cookies: str) -> str:
    try:
        morsel = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel and _can_be_kept(morsel.value) else ""

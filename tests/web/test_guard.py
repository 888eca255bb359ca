"""Who may call from a browser."""

import asyncio
from typing import Any

import pytest

from onduty_web.guard import Guard, GuardRules
from onduty_web.session import COOKIE

RULES = GuardRules(hosts=frozenset({"board.example"}), origins=frozenset({"https://crm.example"}))


class Reached:
    """The application behind the guard: keeps what reaches it."""

    scope: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers everything."""
        self.scope = scope
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def ask(*, method: str = "POST", rules: GuardRules = RULES, **headers: str) -> tuple[int, dict[str, str], dict[str, str]]:
    """The status, the answer's headers, and the headers that the application saw."""
    sent: list[Any] = []

    async def send(event: Any) -> None:
        sent.append(event)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    reached = Reached()
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(Guard(reached, rules)({"type": "http", "method": method, "path": "/", "headers": raw}, receive, send))
    seen = {name.decode(): value.decode() for name, value in (reached.scope or {"headers": []})["headers"]}
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}, seen


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8080", "[::1]:8080", "localhost", "10.1.2.3", "board.example", "Board.Example:443"]
)
def test_own_hosts_are_served(host: str):
    """Addresses, this machine and the names that were given."""
    assert ask(host=host)[0] == 200


@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1.rebound.example", "", "[", "localhost.rebound.example"])
def test_name_of_somebody_else_is_refused(host: str):
    """A name that was made to lead here must not make another site's page one of ours."""
    assert ask(host=host)[0] == 421


def test_page_of_another_site_may_not_call():
    """Its origin is not ours."""
    assert ask(host="localhost:8080", origin="https://evil.example")[0] == 403
    assert ask(host="localhost:8080", origin="null")[0] == 403
    assert ask(host="localhost:8080", sec_fetch_site="cross-site")[0] == 403


def test_own_page_may_call():
    """Its origin is the host that was asked."""
    assert ask(host="localhost:8080", origin="http://localhost:8080", sec_fetch_site="same-origin")[0] == 200


def test_link_from_elsewhere_opens_a_page():
    """Whoever follows a link to the board gets it."""
    assert ask(method="GET", host="localhost", sec_fetch_site="cross-site", sec_fetch_mode="navigate")[0] == 200


def test_listed_site_may_call_and_read():
    """Its preflight is answered, and its answers say that it may read them; nobody else hears of CORS."""
    origin = "https://crm.example"
    status, headers, _ = ask(method="OPTIONS", host="localhost", origin=origin, access_control_request_method="POST")
    assert (status, headers["access-control-allow-origin"]) == (204, origin)
    assert "authorization" in headers["access-control-allow-headers"]
    assert ask(host="localhost", origin=origin)[1]["access-control-allow-origin"] == origin
    assert "access-control-allow-origin" not in ask(host="localhost")[1]


def test_cookie_becomes_a_credential_for_own_pages_only():
    """A listed site shows a credential of its own; the cookie is for the pages of this host."""
    cookie = f"a=b; {COOKIE}=onduty_secret"
    assert ask(host="localhost", cookie=cookie)[2]["authorization"] == "Bearer onduty_secret"
    assert "authorization" not in ask(host="localhost", origin="https://crm.example", cookie=cookie)[2]
    assert ask(host="localhost", cookie=cookie, authorization="Bearer own")[2]["authorization"] == "Bearer own"


def test_answers_forbid_what_is_inline():
    """Every answer has the policy, without anything that is inline."""
    policy = ask(host="localhost")[1]["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy

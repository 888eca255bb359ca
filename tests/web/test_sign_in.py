"""Signing in from a page of a server that asks for credentials."""

import json

from web_client import JSON, WebClient


def sign_in(client: WebClient, token: str, **headers: str):
    """The answer to a token."""
    return client.ask("POST", "/sign-in", json.dumps({"token": token}).encode(), {**JSON, **headers})


def test_token_becomes_a_cookie_that_no_script_reads(guarded):
    """The cookie holds to this host, is sent by its own pages only, and lets calls through."""
    client, key = guarded
    assert client.call("ServerService/WhoAmI", {}).status == 401
    answer = sign_in(client, key)
    assert answer.status == 200
    cookie, *attributes = answer.headers["set-cookie"].split("; ")
    assert cookie.startswith("__Host-")
    assert set(attributes) == {"Path=/", "Secure", "HttpOnly", "SameSite=Strict"}
    assert key not in answer.content.decode()
    assert client.call("ServerService/WhoAmI", {}, cookie=cookie).json["actorId"] == "lead"


def test_cookie_of_another_sites_page_counts_for_nothing(guarded):
    """A page from elsewhere cannot use it, whatever its browser sends."""
    client, key = guarded
    cookie = sign_in(client, key).headers["set-cookie"].partition(";")[0]
    assert client.call("ServerService/WhoAmI", {}, cookie=cookie, origin="https://evil.example").status == 403


def test_wrong_token_makes_no_cookie(guarded):
    """The service's refusal is handed on."""
    client, _ = guarded
    answer = sign_in(client, "onduty_wrong")
    assert (answer.status, answer.json["code"]) == (401, "unauthenticated")
    assert "set-cookie" not in answer.headers


def test_form_of_another_site_cannot_sign_anybody_in(guarded):
    """A form can send text, and no JSON."""
    client, key = guarded
    body = json.dumps({"token": key}).encode()
    assert client.ask("POST", "/sign-in", body, {"content-type": "text/plain"}).status == 400
    assert sign_in(client, key, origin="https://evil.example").status == 403


def test_signing_out_takes_the_cookie(guarded):
    """The browser is told to forget it."""
    client, _ = guarded
    answer = client.ask("DELETE", "/sign-in")
    assert answer.status == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]

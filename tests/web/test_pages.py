"""The pages as they are served, without a browser: `make web-test` tries them in one."""

import gzip
import re

import pytest
from web_client import WebClient

LOADED = re.compile(r'(?:src|href)="([^"]+)"')


@pytest.mark.parametrize("page", ["desk", "board", "team"])
def test_page_loads_only_what_is_there(shared: WebClient, page: str):
    """Everything that a page names is served by the same host, and nothing of it is inline."""
    answer = shared.ask("GET", f"/{page}")
    assert answer.status == 200
    text = answer.content.decode()
    assert "<style" not in text
    assert not re.search(r"<script[^>]*>[^<]", text)
    loaded = LOADED.findall(text)
    assert loaded
    for address in loaded:
        assert address.startswith("/assets/")
        file = shared.ask("GET", address)
        assert file.status == 200
        assert "immutable" in file.headers["cache-control"]


def test_page_is_asked_for_again_and_sent_once(shared: WebClient):
    """A page may be kept, and is asked for each time; one that is the same is not sent again."""
    first = shared.ask("GET", "/desk")
    assert first.headers["cache-control"] == "no-cache"
    assert shared.ask("GET", "/desk", headers={"if-none-match": first.headers["etag"]}).status == 304


def test_page_is_compressed_for_whoever_takes_it(shared: WebClient):
    """The same page, packed."""
    packed = shared.ask("GET", "/board", headers={"accept-encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.content) == shared.ask("GET", "/board").content


def test_first_page_is_the_desk(shared: WebClient):
    """Whoever types the address alone is led there."""
    answer = shared.ask("GET", "/")
    assert (answer.status, answer.headers["location"]) == (303, "/desk")


@pytest.mark.parametrize(
    "path", ["/assets/../pages.py", "/assets/%2e%2e/pages.py", "/desk.html.gz", "/assets/none.js", "/nothing"]
)
def test_nothing_else_is_served(shared: WebClient, path: str):
    """Only what was built."""
    assert shared.ask("GET", path).status == 404


def test_health_is_that_of_the_server(shared: WebClient):
    """200 while the server behind serves."""
    answer = shared.ask("GET", "/healthz")
    assert (answer.status, answer.content) == (200, b"serving\n")

"""The page on HTTP: its lines run against a real server in the order in which they stand, and show what they say."""

import json
from pathlib import Path

from readme_blocks import ROOT, Shell, differences, runnable_blocks
from web_client import WebClient

from onduty_web.methods import contract


def test_lines_of_the_page_show_what_they_say(shared: WebClient, tmp_path: Path):
    """Every block that can be run is, in one shell."""
    shell = Shell(tmp_path, {"127.0.0.1:8080": f"127.0.0.1:{shared.port}"}, [])
    blocks = runnable_blocks(ROOT / "docs/http.md")
    assert len(blocks) >= 10
    for block in blocks:
        found = differences(block, shell.run(block))
        assert found == [], f"line {block.line}: {block.text}"


def test_description_names_every_method():
    """The OpenAPI description has each method of the contract, reads by GET too."""
    described = json.loads((ROOT / "docs/reference/openapi.json").read_text(encoding="utf-8"))["paths"]
    methods = contract()
    assert described.keys() == methods.keys()
    by_get = {path for path, method in methods.items() if method.is_read and not method.streams_responses}
    assert {path for path, verbs in described.items() if "get" in verbs} == by_get


def test_description_refers_to_what_it_has():
    """Every reference leads to a schema of the description."""
    text = (ROOT / "docs/reference/openapi.json").read_text(encoding="utf-8")
    schemas = json.loads(text)["components"]["schemas"]
    referred = {line.partition("#/components/schemas/")[2].rstrip('",') for line in text.splitlines() if "$ref" in line}
    assert {name.rstrip('"') for name in referred} <= schemas.keys()

"""The pages and what they load: built files of the package, held in memory."""

import gzip
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from onduty_web.compression import GZIP, encoding_accepted

PAGES: Final = ("desk", "board", "team")
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
_FOR_EVER: Final = "public, max-age=31536000, immutable"
"""Of files whose names have their content's hash."""


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """A file as it is sent."""

    content: bytes
    packed: bytes
    kind: str
    etag: str
    caching: str


class Pages:
    """The built pages. Without them, as in a checkout where they were never built, there is none."""

    def __init__(self) -> None:
        self._files = dict(_built(files("onduty_web") / "static", ""))

    def __bool__(self) -> bool:
        return bool(self._files)

    async def page(self, request: Request) -> Response:
        """A page by its name."""
        return self._answer(request, f"{request.url.path.strip('/')}.html")

    async def asset(self, request: Request) -> Response:
        """What a page loads."""
        return self._answer(request, request.url.path.strip("/"))

    async def root(self, request: Request) -> Response:
        """The desk is the first page."""
        del request
        return RedirectResponse("/desk", 303)

    def _answer(self, request: Request, name: str) -> Response:
        file = self._files.get(name)
        if file is None:
            return Response("there is no such page\n", 404, media_type="text/plain")
        headers = {"cache-control": file.caching, "etag": file.etag, "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == file.etag:
            return Response(status_code=304, headers=headers)
        headers["content-type"] = file.kind
        if encoding_accepted(request.headers.get("accept-encoding", "")) == GZIP:
            return Response(file.packed, headers={**headers, "content-encoding": GZIP})
        return Response(file.content, headers=headers)


def _built(folder: Traversable, below: str) -> list[tuple[str, BuiltFile]]:
    if not folder.is_dir():
        return []
    built: list[tuple[str, BuiltFile]] = []
    for entry in folder.iterdir():
        name = f"{below}{entry.name}"
        if entry.is_dir():
            built += _built(entry, f"{name}/")
            continue
        content = entry.read_bytes()
        ending = name[name.rfind(".") :]
        caching = _FOR_EVER if below == "assets/" else "no-cache"
        etag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
        packed = gzip.compress(content, mtime=0)
        built.append((name, BuiltFile(content, packed, _TYPES.get(ending, "application/octet-stream"), etag, caching)))
    return built

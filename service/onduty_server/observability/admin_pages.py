"""The pages of the admin listener: metrics, health by name, and what runs here. They change nothing, and hold no secret."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from onduty_server.metering import Reading
from onduty_server.observability.exposition import Exposition
from onduty_server.observability.loop_watch import LoopWatch
from onduty_server.observability.readiness import Readiness
from onduty_server.observability.recorder import Recorder

READ_SECONDS: Final = 2.0
"""So long the event loop has to take its readings; without them a scrape has everything else."""

INDEX: Final = """Onduty's admin listener.

/metrics         for Prometheus
/livez           whether the process turns; else it should be restarted
/readyz?verbose  whether requests should be sent here, and what is wrong
/info            which software this is, and every setting that is not the default
"""

FRESH: Final = {"Cache-Control": "no-store"}


class AdminPages:
    """What the pages show. They run on a loop of their own, and ask that of the server for its readings only."""

    def __init__(
        self, recorder: Recorder, readiness: Readiness, loop_watch: LoopWatch, info: Callable[[], Mapping[str, Any]]
    ) -> None:
        """Call it in the server's event loop. ``info`` is asked from another thread."""
        self._server_loop = asyncio.get_running_loop()
        self._recorder = recorder
        self._exposition = Exposition(recorder)
        self._readiness = readiness
        self._loop_watch = loop_watch
        self._info = info

    def application(self) -> Starlette:
        """The pages as an application."""
        pages = {"": self._index, "metrics": self._metrics, "livez": self._livez, "readyz": self._readyz, "info": self._about}
        return Starlette(routes=[Route(f"/{name}", page, methods=["GET"]) for name, page in pages.items()])

    async def _index(self, _request: Request) -> Response:
        return PlainTextResponse(INDEX)

    async def _metrics(self, request: Request) -> Response:
        text, content_type = self._exposition.render(await self._readings(), request.headers.get("accept", ""))
        return Response(text, headers={**FRESH, "Content-Type": content_type})

    async def _readings(self) -> Mapping[str, Reading]:
        reading = asyncio.run_coroutine_threadsafe(self._recorder.read_gauges(), self._server_loop)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(reading), READ_SECONDS)
        except TimeoutError:
            return {}

    async def _livez(self, request: Request) -> Response:
        return _health("livez", {"loop": self._loop_watch.trouble()}, request)

    async def _readyz(self, request: Request) -> Response:
        return _health("readyz", self._readiness.look(), request)

    async def _about(self, _request: Request) -> Response:
        text = json.dumps(self._info(), indent=2, default=str) + "\n"
        return Response(text, media_type="application/json", headers=FRESH)


def _health(name: str, troubles: Mapping[str, str], request: Request) -> Response:
    """200 where nothing is wrong, else 503; in words for every check where ``verbose`` is asked for, or something is wrong."""
    wrong = [check for check, trouble in troubles.items() if trouble]
    lines = [f"[-] {check}: {trouble}" if trouble else f"[+] {check}" for check, trouble in troubles.items()]
    verdict = f"{name} failed: {', '.join(wrong)}" if wrong else "ok"
    shown = [*lines, verdict] if wrong or "verbose" in request.query_params else [verdict]
    return PlainTextResponse("\n".join(shown) + "\n", status_code=503 if wrong else 200, headers=FRESH)

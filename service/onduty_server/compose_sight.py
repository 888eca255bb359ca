"""Puts together what a server is looked into by: the recorder of its metrics, its health, and the listener that shows both."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from onduty_server.build_info import build, version
from onduty_server.config import Settings, split_address
from onduty_server.domain.model.status import SECOND, Instant
from onduty_server.engine.engine import Engine
from onduty_server.metering import UNMETERED, Meter
from onduty_server.observability.admin_address import bound
from onduty_server.observability.life import shown_settings
from onduty_server.observability.loop_watch import LoopWatch
from onduty_server.observability.readiness import Readiness
from onduty_server.observability.readings import check_engine, read_engine, read_files
from onduty_server.observability.recorder import Recorder
from onduty_server.rpc.server import Server
from onduty_server.rpc.tls import ListenerTls
from onduty_server.tracing import UNTRACED, Tracing

if TYPE_CHECKING:
    from onduty_server.observability.admin_listener import AdminListener
    from onduty_server.observability.otel_tracing import OtelTracing


class Sight:
    """What looks into one server. Without an address for the admin pages nothing is metered, and nothing listens."""

    def __init__(self, settings: Settings, listening: socket.socket | None, tls: ListenerTls | None) -> None:
        """``listening`` is bound already, so that an address that cannot be had is known before a journal is made."""
        self._settings = settings
        self._listening = listening
        self._tls = tls
        self._recorder = Recorder() if listening is not None else None
        self.meter: Final[Meter] = self._recorder or UNMETERED
        self._readiness = Readiness()
        self._loop_watch = LoopWatch(self.meter)
        self._watching: asyncio.Task[None] | None = None
        self._listener: AdminListener | None = None
        self._traces: OtelTracing | None = None

    @classmethod
    def of(cls, settings: Settings, tls: ListenerTls | None) -> "Sight":
        """As the settings have it.

        Raises:
            AdminAddressError: The address cannot be had.
        """
        return cls(settings, bound(*split_address(settings.admin)) if settings.admin else None, tls)

    @property
    def address(self) -> str:
        """Where the pages are; empty where there are none."""
        return self._listener.address if self._listener else ""

    def tracing(self, now: Callable[[], Instant]) -> Tracing:
        """What traces requests, from now on where the settings say so."""
        if not self._settings.traces:
            return UNTRACED
        from onduty_server.observability.otel_tracing import OtelTracing  # noqa: PLC0415 - an extra brings the SDK.

        self._traces = OtelTracing(self._settings.trace_ratio, now, endpoint=self._settings.traces)
        return self._traces

    def open(self, engine: Engine, server: Server) -> None:
        """Show a server from now on, before it has started too."""
        if self._recorder is None or self._listening is None:
            return
        # A server that nobody looks into need not load what serves HTTP.
        from onduty_server.observability.admin_listener import AdminListener  # noqa: PLC0415 - see above.
        from onduty_server.observability.admin_pages import AdminPages  # noqa: PLC0415 - likewise.

        self._read(self._recorder, engine, server)
        pages = AdminPages(self._recorder, self._readiness, self._loop_watch, lambda: self._info(engine))
        pair = (Path(self._settings.tls_cert), Path(self._settings.tls_key)) if self._settings.admin_has_tls else None
        self._listener = AdminListener(pages.application(), self._listening, pair)
        if self._tls is not None:
            self._tls.files.on_change(self._listener.read_again)
        self._watching = asyncio.create_task(self._loop_watch.run(), name="onduty-loop-watch")
        self._listener.start()

    def _read(self, recorder: Recorder, engine: Engine, server: Server) -> None:
        read_engine(recorder, engine)
        check_engine(self._readiness, engine, self._loop_watch)
        self._readiness.check("draining", lambda: "the server is going away" if server.draining else "")
        recorder.gauge_aside("onduty_ready", self._readiness.reading)
        if not self._settings.in_postgres:
            read_files(recorder, self._settings.journal_path)
        if (tls := self._tls) is not None:
            expiry = "onduty_tls_certificate_expiry_timestamp_seconds"
            recorder.gauge(expiry, lambda: {(): tls.expires_at / SECOND})

    def _info(self, engine: Engine) -> Mapping[str, Any]:
        fields = type(self._settings).model_fields
        defaults = {name: field.get_default(call_default_factory=True) for name, field in fields.items()}
        return {
            "version": version(),
            "build": build(),
            "store": engine.journal.store_id,
            "epoch": engine.journal.epoch,
            "instance": engine.instance_id,
            "settings": shown_settings(self._settings.model_dump(), defaults),
        }

    async def close(self) -> None:
        """Show nothing any more."""
        if self._watching is not None:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching
        if self._traces is not None:
            await asyncio.to_thread(self._traces.close)
        if self._listener is not None:
            await self._listener.stop()
        elif self._listening is not None:
            self._listening.close()

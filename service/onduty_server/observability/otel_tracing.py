"""Sends traces of a sample of requests by OpenTelemetry's protocol, on its own thread. The extra `otel` brings the SDK."""

import random
import re
from collections.abc import Callable
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags, set_span_in_context

from onduty_server.build_info import version
from onduty_server.domain.model.status import Instant
from onduty_server.tracing import Metadata, RequestTrace

NANOS: Final = 1_000
"""In a microsecond."""

PARENT_KEY: Final = "traceparent"
_PARENT: Final = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")

FLUSH_MILLISECONDS: Final = 2_000


class SampledTrace(RequestTrace):
    """One of the sample: when it came in, what it is, and whose it is a part of."""

    __slots__ = ("began_at", "method", "parent")

    def __init__(self, method: str, began_at: Instant, parent: SpanContext | None) -> None:
        """``parent`` is the caller's span; None where the caller traces nothing."""
        super().__init__()
        self.method = method
        self.began_at = began_at
        self.parent = parent


class OtelTracing:
    """A share of all requests, and all that are part of a trace which their callers record."""

    def __init__(
        self, ratio: float, now: Callable[[], Instant], *, endpoint: str = "", exporter: SpanExporter | None = None
    ) -> None:
        """``endpoint`` is the collector's address by HTTP, without a path. ``exporter`` takes its place in tests."""
        self._ratio = ratio
        self._now = now
        self._provider = TracerProvider(resource=Resource.create({"service.name": "onduty", "service.version": version()}))
        sender = exporter or OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(sender))
        self._tracer = self._provider.get_tracer("onduty", version())

    def begin(self, method: str, metadata: Metadata) -> RequestTrace | None:
        """See ``Tracing``."""
        parent = _parent_of(metadata)
        is_wanted = parent.trace_flags.sampled if parent else random.random() < self._ratio  # noqa: S311 - it guards nothing.
        return SampledTrace(method, self._now(), parent) if is_wanted else None

    def end(self, trace: RequestTrace, outcome: str) -> None:
        """See ``Tracing``. The stages follow each other: each begins where the one before it ended."""
        assert isinstance(trace, SampledTrace), "it began here"
        above = set_span_in_context(NonRecordingSpan(trace.parent)) if trace.parent else None
        service, _, name = trace.method.removeprefix("/").partition("/")
        attributes = {"rpc.system": "grpc", "rpc.service": service, "rpc.method": name, "onduty.outcome": outcome}
        span = self._tracer.start_span(
            f"{service}/{name}", above, SpanKind.SERVER, attributes, start_time=trace.began_at * NANOS
        )
        within, began_at = set_span_in_context(span), trace.began_at
        for stage, at in trace.stages:
            self._tracer.start_span(f"onduty.{stage}", within, start_time=began_at * NANOS).end(at * NANOS)
            began_at = at
        if outcome != "ok":
            span.set_status(Status(StatusCode.ERROR, outcome))
        span.end(self._now() * NANOS)

    def close(self) -> None:
        """Send what is left, for two seconds at the most. It blocks."""
        self._provider.force_flush(FLUSH_MILLISECONDS)
        self._provider.shutdown()


def _parent_of(metadata: Metadata) -> SpanContext | None:
    """The caller's span, as the W3C has it in a header; None where there is none, or it cannot be read."""
    for key, value in metadata:
        if key == PARENT_KEY:
            found = _PARENT.fullmatch(str(value))
            if found is None:
                return None
            trace_id, span_id, flags = (int(part, 16) for part in found.groups())
            parent = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
            return parent if parent.is_valid else None
    return None

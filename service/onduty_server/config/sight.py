"""Settings of what is seen of a server: log, metrics, health and traces."""

from importlib.util import find_spec
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from onduty_server.config.addresses import MaybeAddress
from onduty_server.config.flags import Flag, Section


class SightSettings(Section):
    """What is told of a server, and where."""

    title: ClassVar[str] = "Log, metrics, traces and health"

    log_format: Annotated[Literal["auto", "json", "console"], Flag("Form of the log on standard error.")] = Field(
        "auto", description="Form of the log: json, console, or auto (console on a terminal)."
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Flag("Least level that is logged.")] = Field(
        "info", description="Least level that is logged."
    )
    admin: Annotated[MaybeAddress, Flag("Serve metrics and health by HTTP there, as 127.0.0.1:9464.", metavar="HOST:PORT")] = (
        Field(
            "",
            description="Address of the admin pages, HOST:PORT: `/metrics`, `/livez`, `/readyz`, `/info`. On loopback they are"
            " plain HTTP; elsewhere they need TLS, and are HTTPS with the server's certificate.",
        )
    )
    traces: Annotated[str, Flag("Send traces to a collector of OpenTelemetry.", metavar="URL")] = Field(
        "",
        description="Where traces of a sample of requests are sent, by OpenTelemetry's protocol over HTTP, as"
        " `http://127.0.0.1:4318`. It needs the extra `otel`.",
    )
    trace_ratio: Annotated[float, Flag("Share of requests that are traced.")] = Field(
        0.01, ge=0, le=1, description="Share of the requests that are traced. Those whose callers record a trace are as well."
    )

    @field_validator("traces")
    @classmethod
    def _traces_can_be_sent(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("needs the address of a collector, as http://127.0.0.1:4318")
        if value and find_spec("opentelemetry") is None:
            raise ValueError("needs the packages of OpenTelemetry; in a checkout: pip install '.[otel]'")
        return value

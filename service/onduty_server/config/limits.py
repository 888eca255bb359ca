"""Settings of limits: streams, rates, connections, and lengths of time."""

from typing import Annotated, ClassVar, Final

from pydantic import Field

from onduty_server.config.flags import Flag, Section

_RATE_MOST: Final = 1 << 40


class LimitSettings(Section):
    """How much callers may ask for, and for how long the server waits for them."""

    title: ClassVar[str] = "Limits"

    streams_per_caller: Annotated[int, Flag("Open watches one caller may have.")] = Field(
        2_000, ge=1, le=1_000_000, description="Open watches that one caller may have. Attached workspaces are not among them."
    )
    streams_per_tenant: Annotated[int, Flag("Open watches, and workspaces, of one tenant.")] = Field(
        15_000,
        ge=1,
        le=1_000_000,
        description="Open watches, and beside them attached workspaces, of one tenant.",
    )
    streams: Annotated[int, Flag("Open watches, and workspaces, of all tenants.")] = Field(
        50_000,
        ge=1,
        le=1_000_000,
        description="Open watches, and beside them attached workspaces, of all tenants.",
    )
    workspaces_per_caller: Annotated[int, Flag("Attached workspaces of one caller with a credential.")] = Field(
        15_000, ge=1, le=1_000_000, description="Attached workspaces that one caller with a credential may have, as a gateway."
    )
    scans_per_caller: Annotated[int, Flag("Questions about the past of one caller at a time.")] = Field(
        50, ge=1, le=1_000_000, description="Questions about the past of one caller that wait or are being answered."
    )
    calls_per_caller: Annotated[int | None, Flag("Calls a second of one caller; with credentials 2000.")] = Field(
        None,
        ge=0,
        le=_RATE_MOST,
        description="Calls of one caller a second; 0: any number. Left out: 2,000 with credentials, else any number.",
    )
    calls_per_tenant: Annotated[int | None, Flag("Calls a second of one tenant; with credentials 10000.")] = Field(
        None,
        ge=0,
        le=_RATE_MOST,
        description="Calls of one tenant a second; 0: any number. Left out: 10,000 with credentials, else any number.",
    )
    items_per_caller: Annotated[int | None, Flag("Items of batches a second of one caller; with credentials 20000.")] = Field(
        None,
        ge=0,
        le=_RATE_MOST,
        description="Items of one caller a second; 0: any number. Left out: 20,000 with credentials, else any number.",
    )
    items_per_tenant: Annotated[int | None, Flag("Items of batches a second of one tenant; with credentials 100000.")] = Field(
        None,
        ge=0,
        le=_RATE_MOST,
        description="Items of one tenant a second; 0: any number. Left out: 100,000 with credentials, else any number.",
    )
    bytes_per_caller: Annotated[int | None, Flag("Bytes a second of one caller; with credentials 64 MiB.")] = Field(
        None,
        ge=0,
        le=_RATE_MOST,
        description="Bytes of one caller a second; 0: any number. Left out: 64 MiB with credentials, else any number.",
    )
    bytes_per_tenant: Annotated[int | None, Flag("Bytes a second of one tenant; with credentials 256 MiB.")] = Field(
        None,
        ge=0,
        le=_RATE_MOST,
        description="Bytes of one tenant a second; 0: any number. Left out: 256 MiB with credentials, else any number.",
    )
    connections: Annotated[int, Flag("Connections in all.", default="any")] = Field(
        0, ge=0, le=1_000_000, description="Connections in all; more are closed at once. 0: as many as come."
    )
    connection_age: Annotated[
        float, Flag("Seconds after which a connection is ended politely; 0: never.", metavar="SECONDS")
    ] = Field(
        0.0,
        ge=0,
        le=31_536_000,
        description="Seconds after which, give or take a tenth, a connection is closed to new calls. Streams that are a little"
        " older are told to come again. So clients spread over replicas. 0: never.",
    )
    handshake_timeout: Annotated[float, Flag("Seconds that a new connection has for its handshakes.", metavar="SECONDS")] = (
        Field(20.0, ge=0.1, le=600, description="Seconds that a new connection has for its TLS and HTTP/2 handshakes.")
    )
    keepalive_time: Annotated[float, Flag("Seconds of silence before a peer is pinged.")] = Field(
        20.0, ge=1, le=7200, description="Seconds of silence after which a peer is pinged."
    )
    keepalive_timeout: Annotated[float, Flag("Seconds to wait for a ping's answer.")] = Field(
        10.0, ge=0.1, le=600, description="Seconds to wait for the answer to a ping before the peer is given up."
    )
    least_ping_interval: Annotated[float, Flag("Seconds clients must leave between pings.")] = Field(
        10.0, ge=0.1, le=600, description="Seconds that clients must leave between their own pings."
    )
    watch_stall_limit: Annotated[float, Flag("Seconds until a stream whose peer does not read is ended.")] = Field(
        60.0, ge=0.1, le=3600, description="Seconds after which a stream whose peer does not read is ended."
    )
    drain: Annotated[float, Flag("Seconds streams and calls get at a shutdown.")] = Field(
        5.0, ge=0, le=600, description="Seconds that streams and calls get to end at a shutdown."
    )

"""Every option of the server, in one table: a row each, with its name, type, default, bounds and words.

The flags of `onduty serve`, the variables ``ONDUTY_<NAME>``, the keys of the file, `onduty config print` and the reference page
are made from these rows. An option is added here and nowhere else.
"""

from typing import Annotated, Final, Literal

from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from onduty_server.config.option import ADDRESS, BYTES, FILE, NAMES, SECONDS, Group, Option, TakesEffect
from onduty_server.variables import PREFIX

DEFAULT_LISTEN: Final = "127.0.0.1:50051"

DEFAULT_JOURNAL: Final = "~/.local/state/onduty/onduty.db"
"""As it is shown; ``default_journal`` says where it really is."""

DEFAULT_SCHEMA: Final = "onduty"

JwtAlgorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]

_COUNT_MOST: Final = 1_000_000
_RATE_MOST: Final = 1 << 40
_YEAR_SECONDS: Final = 31_536_000

_WATCHED: Final = TakesEffect.CONTENT_WATCHED


def _limit(text: str, *, more: str = "", least: int = 1, default: str = "") -> Option:
    return Option(help=text, more=more, group=Group.LIMITS, least=least, most=_COUNT_MOST, default=default)


def _rate(what: str, *, of: str, usual: str) -> Option:
    return Option(
        help=f"{what} a second of one {of}; 0: any number.",
        more=f"Left out: {usual} with credentials, else any number.",
        default=f"{usual} with credentials, else any",
        group=Group.LIMITS,
        least=0,
        most=_RATE_MOST,
    )


def _seconds(text: str, least: float, most: float, *, more: str = "", group: Group = Group.LIMITS) -> Option:
    return Option(help=text, more=more, form=SECONDS, group=group, least=least, most=most)


def _access(text: str, *, more: str = "", form: str = FILE, takes_effect: TakesEffect = TakesEffect.AT_START) -> Option:
    return Option(help=text, more=more, form=form, group=Group.ACCESS, takes_effect=takes_effect)


class Table(BaseSettings):
    """The rows. The class attribute's name is the option's."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    listen: Annotated[str, Option(help="Address to serve on; port 0 lets the system choose.", form=ADDRESS)] = DEFAULT_LISTEN
    journal: Annotated[
        str,
        Option(
            help="The journal: the path of an SQLite file, or postgresql://USER@HOST:PORT/DATABASE.",
            more="The default is a file below `STATE_DIRECTORY` or `XDG_STATE_HOME` where one of them is set; with `rehearsal`"
            " its name is `rehearsal.db`.",
            form="PLACE",
            may_be_secret=True,
        ),
    ] = DEFAULT_JOURNAL
    web: Annotated[
        str,
        Option(
            help="Serve the pages and JSON here: by HTTP, with TLS by HTTPS.",
            more="An `onduty web` starts and ends with the server.",
            form=ADDRESS,
        ),
    ] = ""
    tenants: Annotated[
        tuple[str, ...],
        NoDecode,
        Option(
            help="The tenants that are served; any other is refused.",
            more="`any` is for trying out.",
            form=NAMES,
            default="any",
        ),
    ] = ()
    sample: Annotated[bool, Option(help="Create a few sample staff and break reasons where the journal is empty.")] = False
    insecure: Annotated[
        bool, Option(help="Serve where other machines can reach it without TLS, or without credentials of callers.")
    ] = False
    rehearsal: Annotated[
        bool, Option(help="Allow lengths of time down to 1 ms, to replay recorded days in seconds.", more="Not for real work.")
    ] = False

    web_hosts: Annotated[
        str,
        Option(
            help="Names by which browsers may ask for the pages, beside localhost and addresses.", form=NAMES, group=Group.WEB
        ),
    ] = ""
    web_origins: Annotated[
        str,
        Option(
            help="Origins of other sites whose pages may call the HTTP address.",
            more="They are `https` addresses without a path.",
            form="ORIGIN,...",
            group=Group.WEB,
        ),
    ] = ""

    keys: Annotated[
        str,
        _access(
            "The file of API keys, which `onduty keys` writes.",
            more="Callers must then show a credential, also on loopback.",
            takes_effect=_WATCHED,
        ),
    ] = ""
    tls_cert: Annotated[
        str, _access("The server's certificate and those between it and its root, as PEM.", takes_effect=_WATCHED)
    ] = ""
    tls_key: Annotated[str, _access("The certificate's key, as PEM without a password.", takes_effect=_WATCHED)] = ""
    tls_client_ca: Annotated[
        str,
        _access(
            "Who may sign clients' certificates, as PEM.",
            more="It goes with `tls_client_auth` required.",
            takes_effect=_WATCHED,
        ),
    ] = ""
    tls_client_auth: Annotated[
        Literal["none", "required"], _access("Whether clients must show a certificate to connect at all.", form="")
    ] = "none"
    client_certificates: Annotated[
        str,
        _access(
            "The file that says what the names in clients' certificates reach.",
            more="It goes with `tls_client_auth` required.",
            takes_effect=_WATCHED,
        ),
    ] = ""
    jwt_issuer: Annotated[str, _access("Whose JSON Web Tokens are taken: what their claim `iss` must be.", form="NAME")] = ""
    jwt_audience: Annotated[str, _access("What the claim `aud` of a token must be or hold.", form="NAME")] = ""
    jwt_keys: Annotated[
        str,
        _access(
            "The issuer's keys, a JSON Web Key Set: a file, or an `https` address.",
            more="An address may be `http` on loopback only.",
            form="FILE_OR_URL",
            takes_effect=_WATCHED,
        ),
    ] = ""
    jwt_algorithms: Annotated[
        tuple[JwtAlgorithm, ...],
        NoDecode,
        _access("The algorithms that tokens may be signed by.", more="A token has no say in it.", form=NAMES),
    ] = ("RS256", "ES256")
    jwt_claims: Annotated[
        str,
        _access("What the claims of a token mean, as TOML.", more="None: the defaults.", takes_effect=_WATCHED),
    ] = ""
    jwt_leeway: Annotated[
        float, _seconds("Seconds by which the issuer's clock may differ from the server's.", 0, 300, group=Group.ACCESS)
    ] = 30.0
    audit: Annotated[
        str,
        _access(
            "The file of the audit log; left out, beside the journal where callers show credentials.",
            more="It has lines of JSON. Left out, and the journal is no file or callers show none: it is in memory only.",
        ),
    ] = ""
    audit_bytes: Annotated[
        int,
        Option(
            help="What the files of the audit log have together; the oldest goes.",
            form=BYTES,
            group=Group.ACCESS,
            least=65_536,
            most=1 << 40,
        ),
    ] = 64 * 1024 * 1024

    log_format: Annotated[
        Literal["auto", "json", "console"],
        Option(help="Form of the log on standard error; auto is console on a terminal, else json.", group=Group.LOG),
    ] = "auto"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Option(help="Least level that is logged.", group=Group.LOG, takes_effect=TakesEffect.ON_SIGHUP),
    ] = "info"
    admin: Annotated[
        str,
        Option(
            help="Serve metrics and health there by HTTP, as 127.0.0.1:9464.",
            more="The pages are `/metrics`, `/livez`, `/readyz` and `/info`. On an address that is not loopback they need TLS,"
            " and are HTTPS with the server's certificate.",
            form=ADDRESS,
            group=Group.LOG,
        ),
    ] = ""
    traces: Annotated[
        str,
        Option(
            help="Send traces of a sample of requests to a collector of OpenTelemetry, as http://127.0.0.1:4318.",
            more="It needs the extra `otel`.",
            form="URL",
            group=Group.LOG,
        ),
    ] = ""
    trace_ratio: Annotated[
        float,
        Option(
            help="Share of the requests that are traced.",
            more="Those whose callers record a trace are as well.",
            form="SHARE",
            group=Group.LOG,
            least=0,
            most=1,
        ),
    ] = 0.01

    postgres_schema: Annotated[str, Option(help="The schema of the journal's tables.", form="NAME", group=Group.POSTGRES)] = (
        DEFAULT_SCHEMA
    )
    postgres_statement_timeout: Annotated[
        float,
        _seconds("Seconds until an append, or a read of a few records, is given up.", 0.1, 600, group=Group.POSTGRES),
    ] = 5.0
    postgres_lock_timeout: Annotated[
        float, _seconds("Seconds to wait for a lock that somebody else has.", 0.1, 600, group=Group.POSTGRES)
    ] = 3.0

    advertise: Annotated[
        str,
        Option(
            help="Where other replicas reach this one, which then shares its journal with them.",
            more="The journal is in PostgreSQL. Port 0 lets the system choose. None: the server has its journal for itself.",
            form=ADDRESS,
            group=Group.REPLICAS,
        ),
    ] = ""
    replica_listen: Annotated[
        str,
        Option(
            help="Where to listen for other replicas, if it is not what `advertise` says.", form=ADDRESS, group=Group.REPLICAS
        ),
    ] = ""
    replica_ca: Annotated[
        str,
        Option(
            help="Who may sign the certificates by which replicas know each other, as PEM.",
            more="It is needed where `advertise` and TLS are given.",
            form=FILE,
            group=Group.REPLICAS,
            takes_effect=_WATCHED,
        ),
    ] = ""

    streams_per_caller: Annotated[
        int, _limit("Open watches that one caller may have.", more="Attached workspaces are not among them.")
    ] = 2_000
    streams_per_tenant: Annotated[int, _limit("Open watches, and beside them attached workspaces, of one tenant.")] = 15_000
    streams: Annotated[int, _limit("Open watches, and beside them attached workspaces, of all tenants.")] = 50_000
    workspaces_per_caller: Annotated[
        int, _limit("Attached workspaces that one caller with a credential may have, as a gateway.")
    ] = 15_000
    scans_per_caller: Annotated[int, _limit("Questions about the past of one caller that wait or are being answered.")] = 50
    calls_per_caller: Annotated[int | None, _rate("Calls", of="caller", usual="2,000")] = None
    calls_per_tenant: Annotated[int | None, _rate("Calls", of="tenant", usual="10,000")] = None
    items_per_caller: Annotated[int | None, _rate("Items of batches", of="caller", usual="20,000")] = None
    items_per_tenant: Annotated[int | None, _rate("Items of batches", of="tenant", usual="100,000")] = None
    bytes_per_caller: Annotated[int | None, _rate("Bytes", of="caller", usual="64 MiB")] = None
    bytes_per_tenant: Annotated[int | None, _rate("Bytes", of="tenant", usual="256 MiB")] = None
    connections: Annotated[
        int, _limit("Connections in all; more are closed at once. 0: any number.", least=0, default="any")
    ] = 0
    connection_age: Annotated[
        float,
        _seconds(
            "Seconds after which, give or take a tenth, a connection is closed to new calls; 0: never.",
            0,
            _YEAR_SECONDS,
            more="Streams that are a little older are told to come again. So clients spread over replicas.",
        ),
    ] = 0.0
    handshake_timeout: Annotated[
        float, _seconds("Seconds that a new connection has for its TLS and HTTP/2 handshakes.", 0.1, 600)
    ] = 20.0
    keepalive_time: Annotated[float, _seconds("Seconds of silence after which a peer is pinged.", 1, 7200)] = 20.0
    keepalive_timeout: Annotated[
        float, _seconds("Seconds to wait for the answer to a ping before the peer is given up.", 0.1, 600)
    ] = 10.0
    least_ping_interval: Annotated[float, _seconds("Seconds that clients must leave between their own pings.", 0.1, 600)] = 10.0
    watch_stall_limit: Annotated[
        float, _seconds("Seconds after which a stream whose peer does not read is ended.", 0.1, 3600)
    ] = 60.0
    drain: Annotated[float, _seconds("Seconds that streams and calls get to end at a shutdown.", 0, 600)] = 5.0

    scheduling: Annotated[
        Literal["batch", "normal"],
        Option(
            help="How Linux schedules the server's threads: batch has fewer switches between them.",
            group=Group.PROCESS,
        ),
    ] = "batch"
    event_loop: Annotated[
        Literal["asyncio", "uvloop"],
        Option(
            help="What runs the event loop: Python's own asyncio, or the package uvloop, which takes less CPU.",
            group=Group.PROCESS,
        ),
    ] = "asyncio"

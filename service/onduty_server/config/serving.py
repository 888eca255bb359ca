"""Settings of serving: where, what, and in which process."""

from importlib.util import find_spec
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from onduty_server.config.addresses import Address, MaybeAddress
from onduty_server.config.flags import Flag, Section
from onduty_server.config.places import DEFAULT_JOURNAL, POSTGRES_SCHEMES, is_postgres

DEFAULT_LISTEN: Final = "127.0.0.1:50051"

TENANT_LENGTH: Final = 128


class ServingSettings(Section):
    """What is served, and where."""

    listen: Annotated[Address, Flag("Address to serve on; port 0 lets the system choose.")] = Field(
        DEFAULT_LISTEN, description="Address to serve on, HOST:PORT. Port 0 lets the system choose."
    )
    journal: Annotated[str, Flag("The journal: a file, or postgresql://USER@HOST/DATABASE.", metavar="PLACE")] = Field(
        DEFAULT_JOURNAL,
        description="Where the journal is: the path of an SQLite file, or the address of a PostgreSQL database as"
        " `postgresql://USER@HOST:PORT/DATABASE`. The default is a file below `STATE_DIRECTORY` or"
        " `XDG_STATE_HOME` where one of them is set; with `rehearsal` its name is `rehearsal.db`.",
    )
    web: Annotated[MaybeAddress, Flag("Serve the pages and JSON here by HTTP, beside.", metavar="HOST:PORT")] = Field(
        "",
        description="Address to serve the pages and JSON on, HOST:PORT, by an `onduty web` that starts and ends with the"
        " server: by HTTP, with `tls_cert` by HTTPS. Left out: none.",
    )
    tenants: Annotated[
        tuple[str, ...], NoDecode, Flag("The tenants that are served; any other is refused.", metavar="NAME,...")
    ] = Field((), description="The tenants that are served; any other is refused. Left out: any, which is for trying out.")
    sample: Annotated[bool, Flag("Create sample staff and break reasons where the journal is empty.")] = Field(
        default=False, description="Create a few sample staff and break reasons where the journal is empty."
    )
    insecure: Annotated[bool, Flag("Serve where other machines can reach it without TLS, or without credentials.")] = Field(
        default=False, description="Serve on an address that is not loopback without TLS, or without credentials of callers."
    )
    rehearsal: Annotated[bool, Flag("Allow lengths of time down to 1 ms, to replay days in seconds.")] = Field(
        default=False,
        description="Allow lengths of time down to a millisecond, to replay recorded days in seconds. Not for real work.",
    )

    @field_validator("journal")
    @classmethod
    def _journal_is_a_place(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("needs the path of a file")
        if is_postgres(value) and find_spec("psycopg") is None:
            raise ValueError("needs the package psycopg for PostgreSQL; in a checkout: pip install '.[postgres]'")
        if "://" in value and not value.startswith(("sqlite://", *POSTGRES_SCHEMES)):
            kind = value.partition("://")[0]
            raise ValueError(f"does not know {kind!r} journals: give the path of an SQLite file, or postgresql://...")
        return value

    @field_validator("tenants", mode="before")
    @classmethod
    def _tenants_are_names(cls, value: Any) -> Any:
        names = [name.strip() for name in value.split(",")] if isinstance(value, str) else value
        if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
            raise ValueError("needs a list of names")
        for name in names:
            if not (0 < len(name) <= TENANT_LENGTH and name.isascii() and name.isprintable()):
                raise ValueError(f"needs names of 1-{TENANT_LENGTH} printable ASCII characters")
        return tuple(names)


class WebSettings(Section):
    """Who may use the pages."""

    title: ClassVar[str] = "Web"

    web_hosts: Annotated[str, Flag("Names by which browsers may ask, beside localhost.", metavar="NAME,...")] = Field(
        "", description="Names by which browsers may ask for the pages, beside localhost and addresses."
    )
    web_origins: Annotated[str, Flag("Other sites whose pages may call.", metavar="ORIGIN,...")] = Field(
        "", description="Origins of other sites whose pages may call the HTTP address, as `https` addresses without a path."
    )


class ProcessSettings(Section):
    """What runs the server."""

    title: ClassVar[str] = "Process"

    scheduling: Annotated[Literal["batch", "normal"], Flag("How the kernel schedules the server's threads.")] = Field(
        "batch", description="How Linux schedules the server's threads: batch (fewer switches between them) or normal."
    )
    event_loop: Annotated[Literal["asyncio", "uvloop"], Flag("What runs the event loop.")] = Field(
        "asyncio", description="What runs the server's event loop: Python's own asyncio, or the package uvloop (less CPU)."
    )

    @field_validator("event_loop")
    @classmethod
    def _event_loop_is_installed(cls, value: str) -> str:
        if value != "asyncio" and find_spec(value) is None:
            raise ValueError(f"the package {value} is not installed: install it beside the server, or leave this at asyncio")
        return value

"""The contract as its compiler sees it, comments included; it generates no page."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto, FileDescriptorSet
from grpc_tools import protoc

PROTO: Final = Path(__file__).resolve().parents[2] / "proto"
PACKAGE: Final = "onduty.v1"

# Field numbers in descriptor.proto, of which the paths of comments are made.
_MESSAGES, _ENUMS, _SERVICES = 4, 5, 6
_FIELDS, _VALUES, _METHODS = 2, 2, 2


class Described(NamedTuple):
    """A name of the contract and its comment on one line."""

    name: str
    comment: str


class Rpc(NamedTuple):
    """An RPC and its comment on one line."""

    service: str
    name: str
    comment: str
    streams: bool


@cache
def contract() -> tuple[FileDescriptorProto, ...]:
    """The files of the public contract, by name.

    Raises:
        RuntimeError: The contract does not compile.
    """
    with TemporaryDirectory() as directory:
        out = Path(directory) / "contract.bin"
        sources = sorted(path.relative_to(PROTO).as_posix() for path in PROTO.glob("onduty/v1/*.proto"))
        google = str(files("grpc_tools") / "_proto")
        flags = [f"-I{PROTO}", f"-I{google}", "--include_source_info", f"--descriptor_set_out={out}"]
        if protoc.main(["protoc", *flags, *sources]):
            raise RuntimeError("the contract does not compile")
        return tuple(FileDescriptorSet.FromString(out.read_bytes()).file)


@cache
def _comments() -> dict[tuple[str, tuple[int, ...]], str]:
    """Leading comments by file and path, each on one line."""
    return {
        (file.name, tuple(place.path)): " ".join(place.leading_comments.split())
        for file in contract()
        for place in file.source_code_info.location
        if place.leading_comments
    }


def services() -> Iterator[Described]:
    """The services, by the names of their files."""
    for file in contract():
        for number, service in enumerate(file.service):
            yield Described(service.name, _comments()[file.name, (_SERVICES, number)])


def rpcs() -> Iterator[Rpc]:
    """Every RPC in the order of the contract."""
    for file in contract():
        for number, service in enumerate(file.service):
            for place, method in enumerate(service.method):
                comment = _comments()[file.name, (_SERVICES, number, _METHODS, place)]
                yield Rpc(service.name, method.name, comment, method.server_streaming)


def enum_values(name: str) -> list[Described]:
    """The values of an enum without the unset one, names without the enum's prefix."""
    for file in contract():
        for number, enum in enumerate(file.enum_type):
            if enum.name == name:
                prefix = enum.value[0].name.removesuffix("UNSPECIFIED")
                return [
                    Described(value.name.removeprefix(prefix), _comments()[file.name, (_ENUMS, number, _VALUES, place)])
                    for place, value in enumerate(enum.value)
                    if value.number
                ]
    raise KeyError(name)


def own_field_comments(message: str) -> dict[str, str]:
    """The comments of a message's own fields."""
    file, number, found = _message(message)
    return {field.name: _comments()[file.name, (_MESSAGES, number, _FIELDS, place)] for place, field in enumerate(found.field)}


def field_comments(message: str) -> dict[str, str]:
    """The comments of a message's fields; those of fields that are messages of the contract follow as ``outer.inner``."""
    file, number, found = _message(message)
    comments: dict[str, str] = {}
    for place, field in enumerate(found.field):
        comments[field.name] = _comments()[file.name, (_MESSAGES, number, _FIELDS, place)]
        if field.type_name.startswith(f".{PACKAGE}.") and field.type == field.TYPE_MESSAGE:
            inner = field_comments(field.type_name.rpartition(".")[2])
            comments.update({f"{field.name}.{name}": comment for name, comment in inner.items()})
    return comments


def _message(name: str) -> tuple[FileDescriptorProto, int, DescriptorProto]:
    for file in contract():
        for number, message in enumerate(file.message_type):
            if message.name == name:
                return file, number, message
    raise KeyError(name)

"""Reflection under both its names, v1 and v1alpha, whose messages are the same on the wire."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from typing import Any, Final

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, text_format
from grpc_reflection.v1alpha import reflection, reflection_pb2

from onduty_server.domain.model.errors import WatchQuotaError
from onduty_server.rpc.failing import abort
from onduty_server.rpc.quotas import StreamQuotas

REFLECTION: Final = ("grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection")


class Reflection:
    """The reflection service. Its streams end when the server goes, as they would hold a shutdown up."""

    def __init__(self, services: Sequence[str], quotas: StreamQuotas) -> None:
        """It tells of these services and of itself."""
        self._quotas = quotas
        _describe_v1()
        self._servicer = reflection.aio.ReflectionServicer((*services, *REFLECTION), SymbolPool())
        self._draining = asyncio.Event()

    def handlers(self) -> tuple[grpc.GenericRpcHandler, ...]:
        """The handlers of both names."""
        behaviour = grpc.stream_stream_rpc_method_handler(
            self._info,
            request_deserializer=reflection_pb2.ServerReflectionRequest.FromString,
            response_serializer=reflection_pb2.ServerReflectionResponse.SerializeToString,
        )
        return tuple(grpc.method_handlers_generic_handler(name, {"ServerReflectionInfo": behaviour}) for name in REFLECTION)

    def drain(self) -> None:
        """End the streams after what was asked so far."""
        self._draining.set()

    async def _info(self, requests: AsyncIterator[Any], context: Any) -> AsyncIterator[Any]:
        with ExitStack() as stack:
            try:
                stack.enter_context(self._quotas.probing())
            except WatchQuotaError as error:
                await abort(context, error)
            async for answer in self._servicer.ServerReflectionInfo(self._until_the_drain(requests), context):
                yield answer

    async def _until_the_drain(self, requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
        ending = asyncio.ensure_future(self._draining.wait())
        try:
            while True:
                asked = asyncio.ensure_future(anext(requests, None))
                await asyncio.wait((asked, ending), return_when=asyncio.FIRST_COMPLETED)
                if not asked.done():
                    asked.cancel()
                    return
                request = asked.result()
                if request is None:
                    return
                yield request
        finally:
            ending.cancel()


class SymbolPool:
    """The known descriptors, which find the members of services, messages and enums too: tools ask for ``Service.Method``."""

    def __init__(self) -> None:
        """Looks things up in the pool of the generated code."""
        self._pool = descriptor_pool.Default()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pool, name)

    def FindFileContainingSymbol(self, name: str) -> Any:  # noqa: N802 - the pool's own name.
        """The file in which a symbol is.

        Raises:
            KeyError: There is none.
        """
        try:
            return self._pool.FindFileContainingSymbol(name)
        except KeyError:
            owner, _, member = name.rpartition(".")
            if member not in self._members(owner):
                raise
            return self._pool.FindFileContainingSymbol(owner)

    def _members(self, owner: str) -> set[str]:
        for find, kinds in (
            (self._pool.FindServiceByName, ("methods_by_name",)),
            (self._pool.FindMessageTypeByName, ("fields_by_name", "oneofs_by_name")),
            (self._pool.FindEnumTypeByName, ("values_by_name",)),
        ):
            try:
                found = find(owner)
            except KeyError:
                continue
            return {name for kind in kinds for name in getattr(found, kind)}
        return set()


def _describe_v1() -> None:
    """Make v1 known, which the library does not bring: tools describe all that is listed, and stop at what they cannot."""
    pool = descriptor_pool.Default()
    try:
        pool.FindFileContainingSymbol(REFLECTION[0])
    except KeyError:
        known = descriptor_pb2.FileDescriptorProto()
        reflection_pb2.DESCRIPTOR.CopyToProto(known)
        text = text_format.MessageToString(known).replace("v1alpha", "v1")
        pool.AddSerializedFile(text_format.Parse(text, descriptor_pb2.FileDescriptorProto()).SerializeToString())

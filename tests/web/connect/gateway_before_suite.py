"""The gateway as connectconformance starts it: before the suite's own gRPC server, over the suite's own contract."""

import asyncio
import importlib
import os
import signal
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from onduty_web.exchange import CallLimits, Drain
from onduty_web.gateway import Gateway
from onduty_web.listener import Listener, ListenerLimits, bind
from onduty_web.methods import methods_of
from onduty_web.upstream import Upstream

sys.path.insert(0, os.environ["CONFORMANCE_GEN"])
config = importlib.import_module("connectrpc.conformance.v1.config_pb2")
compat = importlib.import_module("connectrpc.conformance.v1.server_compat_pb2")
service = importlib.import_module("connectrpc.conformance.v1.service_pb2")


def read(stream: BinaryIO, message: Any) -> Any:
    """A message in the suite's form: its length in four bytes, then itself."""
    (length,) = struct.unpack(">I", stream.read(4))
    return message.FromString(stream.read(length))


def write(stream: BinaryIO, message: Any) -> None:
    """The same the other way."""
    content = message.SerializeToString()
    stream.write(struct.pack(">I", len(content)) + content)
    stream.flush()


def start_service() -> tuple[subprocess.Popen[bytes], str]:
    """The suite's gRPC server, and its address."""
    process = subprocess.Popen([os.environ["CONFORMANCE_SERVER"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    asked = compat.ServerCompatRequest(protocol=config.PROTOCOL_GRPC, http_version=config.HTTP_VERSION_2)
    write(process.stdin, asked)
    answer = read(process.stdout, compat.ServerCompatResponse)
    return process, f"{answer.host or '127.0.0.1'}:{answer.port}"


async def serve(asked: Any, target: str, folder: Path) -> None:
    """Serves until SIGTERM."""
    stop, drain = asyncio.Event(), Drain()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    certificate = None
    if asked.use_tls:
        certificate = folder / "cert.pem", folder / "key.pem"
        certificate[0].write_bytes(asked.server_creds.cert)
        certificate[1].write_bytes(asked.server_creds.key)
    limits = CallLimits(request_bytes=asked.message_receive_limit or 4 * 1024 * 1024)
    upstream = Upstream(target)
    gateway = Gateway(methods_of([service.DESCRIPTOR]), upstream, limits, drain)
    listener = Listener(gateway, drain, ListenerLimits(), certificate=certificate)
    bound = bind("127.0.0.1", 0)
    answer = compat.ServerCompatResponse(host="127.0.0.1", port=bound.getsockname()[1])
    if asked.use_tls:
        answer.pem_cert = asked.server_creds.cert
    write(sys.stdout.buffer, answer)
    await listener.serve(bound, stop)
    await upstream.close()


def main() -> None:
    """One server, as the suite asks for it on standard input."""
    asked = read(sys.stdin.buffer, compat.ServerCompatRequest)
    process, target = start_service()
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(serve(asked, target, Path(folder)))
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()

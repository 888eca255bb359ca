"""A process that watches and writes every frame it reads to a file, so that what it saw outlives a SIGKILL; it judges nothing.

Run ``python watch_reader.py ADDRESS REQUEST FILE PACE``: the request is a WatchStaffRequest in base64, the pace the least
number of seconds from one read to the next, or ``asked``: then it reads on for each line of its standard input. The file is a
sequence of records: length, seconds, bytes.
"""

import base64
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import grpc

from onduty.v1 import router_service_pb2
from onduty.v1.router_service_pb2_grpc import RouterServiceStub

HEADER = struct.Struct(">Id")
ASKED = "asked"
SMALL_WINDOW = (("grpc.http2.bdp_probe", 0), ("grpc.http2.lookahead_bytes", 16_384), ("grpc.use_local_subchannel_pool", 1))
"""A connection on which a server can send little ahead of a reader who has stopped."""


def records(path: Path) -> Iterator[tuple[router_service_pb2.WatchStaffResponse, float]]:
    """The frames in a file with their times; one that is cut short was not seen."""
    content = path.read_bytes() if path.exists() else b""
    start = 0
    while start + HEADER.size <= len(content):
        size, at = HEADER.unpack_from(content, start)
        start += HEADER.size
        if start + size > len(content):
            return
        yield router_service_pb2.WatchStaffResponse.FromString(content[start : start + size]), at
        start += size


def main() -> None:
    """The program."""
    address, request, path, pace = sys.argv[1:]
    asked = router_service_pb2.WatchStaffRequest.FromString(base64.b64decode(request))
    with grpc.insecure_channel(address, options=SMALL_WINDOW) as channel, Path(path).open("ab", buffering=0) as out:
        stream = RouterServiceStub(channel).WatchStaff(asked)
        for frame in stream:
            packed = frame.SerializeToString()
            out.write(HEADER.pack(len(packed), time.monotonic()) + packed)
            if pace == ASKED:
                sys.stdin.readline()
            else:
                time.sleep(float(pace))


if __name__ == "__main__":
    main()

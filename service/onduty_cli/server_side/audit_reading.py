"""Reads the files of a server's audit log; it writes none."""

from collections.abc import Iterator
from pathlib import Path

from onduty.v1 import admin_service_pb2
from onduty_server.auth.audit_files import read_entries
from onduty_server.rpc.servicers.audit import entry_message


def read_audit(path: Path) -> Iterator[admin_service_pb2.AuditEntry]:
    """All entries, the oldest first.

    Raises:
        OSError: There is no such file, or one cannot be read.
    """
    path.stat()
    return map(entry_message, read_entries(path))

"""The page of errors: what a caller may get, from the server's catalogue and the contract's comments."""

from typing import Final

from generator import protos
from generator.markdown import code, table
from onduty_server.rpc.error_map import CATALOGUE

GRPCURL_EXIT_BASE: Final = 64

_HEAD = """# Errors

Every error carries `google.rpc.ErrorInfo` with the domain `onduty.dev`, a reason from this table and metadata. Programs go by
the reason; the sentence is for people and may change. The reasons are the values of `onduty.v1.ErrorReason` without their
prefix.

grpcurl shows all of it, and ends with 64 plus the number of the code. `buf curl` ends with 8 times the number.

What to do, by code:

- `INVALID_ARGUMENT`, `NOT_FOUND`, `ALREADY_EXISTS`, `FAILED_PRECONDITION`: the same request will fail again. Change the
  request, or the state it meets.
- `ABORTED`: somebody was faster. Read the state again and decide anew.
- `OUT_OF_RANGE`: the position cannot be continued from. Watch afresh, without `resume_after`.
- `RESOURCE_EXHAUSTED`, `UNAVAILABLE`: wait as long as `google.rpc.RetryInfo` says, then send the same request with the same
  `request_id`.
- `INTERNAL`: a fault of the service. The log has the rest under the incident id.

In a batch (`ReportCallEvents`, `BatchForceStatus`, `BatchCreateStaff`) a bad item does not fail the request: its result has the
`google.rpc.Status` that the same request would have had on its own, with the same details.

"""


def page() -> str:
    """The page."""
    return _HEAD + table(["reason", "code", "grpcurl ends with", "meaning, metadata and details"], _rows())


def _rows() -> list[list[str]]:
    codes = {spec.reason: spec.code for spec in CATALOGUE.values()}
    rows = []
    for reason, comment in protos.enum_values("ErrorReason"):
        found = codes[reason]
        meaning = comment.removeprefix(f"{found.name}. ").replace(" metadata:", " Metadata:")
        rows.append([code(reason), code(found.name), str(GRPCURL_EXIT_BASE + found.value[0]), meaning])
    return rows

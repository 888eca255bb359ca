"""Where each shipped alert is provoked before a real Prometheus, and which cannot be, with the reason."""

from collections.abc import Mapping
from typing import Final

_SERVER: Final = "test_real_prometheus.py"
_FAULTS: Final = "test_real_prometheus_faults.py"
_REPLICAS: Final = "test_real_prometheus_replicas.py"

PROVOKED_IN: Final[Mapping[str, str]] = {
    "OndutyDown": _SERVER,
    "OndutyNotReady": _SERVER,
    "OndutyErrors": _SERVER,
    "OndutyErrorsMany": _SERVER,
    "OndutyOverloaded": _SERVER,
    "OndutyLoopStalls": _SERVER,
    "OndutyOpenFilesFew": _SERVER,
    "OndutyCertificateExpires": _SERVER,
    "OndutyCertificateExpiresSoon": _SERVER,
    "OndutyJournalFailed": _SERVER,
    "OndutyDiskFills": _SERVER,
    "OndutyWriteAheadLogGrows": _SERVER,
    "OndutyWatchLag": _SERVER,
    "OndutyWatchersStalled": _SERVER,
    "OndutyChangesLate": _SERVER,
    "OndutyHangUpsLost": _SERVER,
    "OndutyLoopsFailing": _FAULTS,
    "OndutyClockOff": _FAULTS,
    "OndutyJournalSlow": _FAULTS,
    "OndutyJournalVerySlow": _FAULTS,
    "OndutyDeadlinesLate": _FAULTS,
    "OndutyStaffQuarantined": _FAULTS,
    "OndutyNoLeader": _REPLICAS,
    "OndutyLeadersSeveral": _REPLICAS,
    "OndutyReplicaBehind": _REPLICAS,
    "OndutyReplicaGone": _REPLICAS,
}
"""Each is seen to fire, and to clear when its cause is gone. The rules are the shipped ones, with their waits cut short."""

NOT_PROVOKED: Final[Mapping[str, str]] = {}
"""What one machine cannot bring about, with the reason."""

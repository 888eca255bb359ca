"""Callers of replicas, who go to any of them at random, and note what they are told."""

import random
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import grpc
from google.protobuf.message import Message
from google.rpc import status_pb2
from replica_servers import ReplicaServer, ReplicaServers
from robustness.replica_observations import Answered, Bookmark, Observations, Read, Refused, Watched
from service_stubs import DETAILS_KEY

from onduty.v1 import errors_pb2, router_service_pb2, staff_pb2, workspace_service_pb2
from onduty_server.engine.watch.positions import Positions
from onduty_server.ports import Revision

CALL_SECONDS: Final = 8.0
AGAIN: Final = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED}
SHARED: Final = 3
"""People whom all callers change."""
STATUSES: Final = (staff_pb2.STATUS_AVAILABLE, staff_pb2.STATUS_BUSY)
NEWEST: Final = Revision(1 << 62)


@dataclass(slots=True)
class Scene:
    """The replicas, what is observed of them, and whether it goes on."""

    servers: ReplicaServers
    seen: Observations
    positions: Positions
    ending: threading.Event
    failures: list[BaseException]

    def any_server(self, dice: random.Random) -> ReplicaServer:
        """One of those that run."""
        return dice.choice(self.servers.running() or self.servers.all)


class Caller:
    """Changes people of its own, claims anybody for calls of its own, and asks again elsewhere."""

    def __init__(self, scene: Scene, number: int, seed: int) -> None:
        """``number`` tells its people and requests."""
        self._scene = scene
        self._name = f"caller-{number}"
        self._dice = random.Random(f"{seed}-{number}")
        self._staff_id = f"p-{number}"
        self._turn = 0
        self._last_known: dict[str, int] = {}
        self._sent: list[tuple[Callable[[ReplicaServer], Any], Message]] = []

    def run(self) -> None:
        """Call until the end."""
        acts = (self._change, self._change, self._contend, self._contend, self._claim, self._repeat, self._refused)
        try:
            while not self._scene.ending.is_set():
                self._turn += 1
                self._dice.choice(acts)()
        except BaseException as error:  # noqa: BLE001 - is looked at when all have ended.
            self._scene.failures.append(error)

    # --- what it does -------------------------------------------------------------------------------------------------

    def _change(self) -> None:
        request = workspace_service_pb2.ChangeStatusRequest(
            staff_id=self._staff_id, choice={"status": STATUSES[self._turn % 2]}, request_id=f"{self._name}-{self._turn}"
        )
        answer = self._insist(lambda server: server.stubs.workspace.ChangeStatus, request)
        if answer is not None:
            self._read(answer)

    def _contend(self) -> None:
        """Somebody whom all callers change, each only if they are as it has seen them last."""
        staff_id = f"shared-{self._dice.randrange(SHARED)}"
        expected = self._last_known.get(staff_id, 1)
        wanted = self._dice.choice(STATUSES)
        request = workspace_service_pb2.ChangeStatusRequest(
            staff_id=staff_id, choice={"status": wanted}, request_id=f"{self._name}-{self._turn}", expected_revision=expected
        )
        answer = self._insist(lambda server: server.stubs.workspace.ChangeStatus, request)
        if answer is not None:
            self._last_known[staff_id] = answer.staff.revision

    def _read(self, answer: Any) -> None:
        """What was acknowledged, at any replica."""
        request = workspace_service_pb2.GetStaffRequest(staff_id=answer.staff.staff_id, at_least=answer.position)
        with suppress(grpc.RpcError):
            shown = self._scene.any_server(self._dice).stubs.workspace.GetStaff(request, timeout=CALL_SECONDS)
            self._scene.seen.reads.append(Read(shown.staff.staff_id, shown.staff.revision, answer.staff.revision))

    def _claim(self) -> None:
        """A call is claimed twice at once, at two replicas, and then taken and ended by whoever has it."""
        call_id, answers = f"call-{self._name}-{self._turn}", []

        def claim(number: int) -> None:
            request = router_service_pb2.ClaimStaffRequest(
                group_member={"skill_groups": [{"name": "claimed"}]}, call_id=call_id, request_id=f"{call_id}-{number}"
            )
            answers.append(self._insist(lambda server: server.stubs.router.ClaimStaff, request))

        threads = [threading.Thread(target=claim, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for answer in [answer for answer in answers if answer is not None][:1]:
            about = {"staff_id": answer.staff.staff_id, "call_id": call_id}
            started = router_service_pb2.ReportCallStartedRequest(**about, request_id=f"{call_id}-started")
            ended = router_service_pb2.ReportCallEndedRequest(**about, request_id=f"{call_id}-ended")
            self._insist(lambda server: server.stubs.router.ReportCallStarted, started)
            self._insist(lambda server: server.stubs.router.ReportCallEnded, ended)

    def _repeat(self) -> None:
        """An earlier request again, elsewhere."""
        if self._sent:
            method, request = self._dice.choice(self._sent[-50:])
            self._insist(method, request)

    def _refused(self) -> None:
        """A change of a person who is not as expected: the refusal says how they are."""
        request = workspace_service_pb2.ChangeStatusRequest(
            staff_id=self._staff_id, choice={"status": staff_pb2.STATUS_BUSY}, expected_revision=1
        )
        began_at = time.monotonic()
        try:
            self._scene.any_server(self._dice).stubs.workspace.ChangeStatus(request, timeout=CALL_SECONDS)
        except grpc.RpcError as error:
            if (revision := _present(error)) is not None:
                self._scene.seen.refusals.append(Refused(self._staff_id, revision, began_at, time.monotonic()))

    # --- asking -------------------------------------------------------------------------------------------------------

    def _insist(self, method: Callable[[ReplicaServer], Any], request: Any) -> Any:
        """Ask until there is an answer, wherever; None: it was refused, or this is the end."""
        began_at = time.monotonic()
        while not self._scene.ending.is_set():
            try:
                answer = method(self._scene.any_server(self._dice))(request, timeout=CALL_SECONDS)
            except grpc.RpcError as error:
                if error.code() not in AGAIN:
                    self._note_refusal(request, error, began_at)
                    return None
                self._scene.ending.wait(0.02)
                continue
            self._note(request, answer, began_at)
            self._sent.append((method, request))
            return answer
        return None

    def _note(self, request: Any, answer: Any, began_at: float) -> None:
        claim_id, ended_at = getattr(answer, "claim_id", ""), time.monotonic()
        asked = {"expected": getattr(request, "expected_revision", 0)}
        if isinstance(request, workspace_service_pb2.ChangeStatusRequest):
            asked["wanted"] = request.choice.status
        seen = Answered(request.request_id, answer.staff, claim_id, began_at, ended_at, answer.replayed, **asked)
        self._scene.seen.answers.append(seen)

    def _note_refusal(self, request: Any, error: grpc.RpcError, began_at: float) -> None:
        revision, expected = _present(error), getattr(request, "expected_revision", 0)
        if revision is not None:
            refused = Refused(request.staff_id, revision, began_at, time.monotonic(), expected)
            self._scene.seen.refusals.append(refused)
            self._last_known[request.staff_id] = revision


def _present(error: grpc.RpcError) -> int | None:
    """The revision of the state that a refusal tells."""
    details = dict(error.trailing_metadata() or ()).get(DETAILS_KEY)
    mismatch = errors_pb2.RevisionMismatch()
    for detail in status_pb2.Status.FromString(details).details if details else ():
        if detail.Unpack(mismatch):
            return int(mismatch.current.revision)
    return None


class WatchingCaller:
    """Watches, now here and now there, from where it was."""

    def __init__(self, scene: Scene, seed: int) -> None:
        """It begins before anything happens."""
        self._scene = scene
        self._dice = random.Random(f"watch-{seed}")
        self.watched = Watched()
        scene.seen.watchers.append(self.watched)
        self._position = ""
        self.through = 0

    def run(self) -> None:
        """Watch until the end."""
        try:
            while not self._scene.ending.is_set():
                self._watch_a_while(time.monotonic() + self._dice.uniform(1, 5))
        except BaseException as error:  # noqa: BLE001 - is looked at when all have ended.
            self._scene.failures.append(error)

    def _watch_a_while(self, until: float) -> None:
        request = router_service_pb2.WatchStaffRequest(resume_after=self._position, bookmark_interval={"seconds": 1})
        stream = self._scene.any_server(self._dice).stubs.router.WatchStaff(request, timeout=CALL_SECONDS)
        self.watched.resumes += 1
        try:
            self._take(stream, until)
        except grpc.RpcError as error:
            if error.code() not in AGAIN:
                raise
            self._scene.ending.wait(0.05)
        finally:
            stream.cancel()

    def _take(self, stream: Iterable[Any], until: float) -> None:
        for number, frame in enumerate(stream):
            kind = frame.WhichOneof("event")
            if kind == "changes":
                self.watched.states.extend(change.staff for change in frame.changes.changes)
            if frame.position:
                self._position = frame.position
                self.through = self._scene.positions.revision(frame.position, NEWEST)
            if kind == "snapshot_chunk":
                self.watched.since = self.through
            if kind == "bookmark" and number:  # the first one only says that the stream lives.
                self.watched.bookmarks.append(Bookmark(self.through, time.monotonic()))
            if time.monotonic() >= until or self._scene.ending.is_set():
                return

    def finish(self, through: int) -> None:
        """Take what is left up to a revision."""
        end = time.monotonic() + 60
        while self.through < through and time.monotonic() < end:
            request = router_service_pb2.WatchStaffRequest(resume_after=self._position, bookmark_interval={"seconds": 1})
            stream = self._scene.servers.running()[0].stubs.router.WatchStaff(request, timeout=CALL_SECONDS)
            with suppress(grpc.RpcError):
                for frame in stream:
                    if frame.WhichOneof("event") == "changes":
                        self.watched.states.extend(change.staff for change in frame.changes.changes)
                    self._position = frame.position or self._position
                    self.through = self._scene.positions.revision(self._position, NEWEST)
                    if self.through >= through:
                        break
            stream.cancel()

"""Plays one scenario on one driver and tells the first thing that does not hold. It starts neither drivers nor servers."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from conformance.runner.driver import Driver, DriverFailedError, ErrorAnswer, prefixed
from conformance.runner.error_tree import KIND_OF, complete
from conformance.runner.mail import Event, Mail, NothingCameError
from conformance.runner.replicas import Target
from conformance.runner.scenario import Scenario, Step
from conformance.runner.seen_position import SeenPositions
from conformance.runner.server import ServerProcess
from conformance.runner.set_up import set_up_requests
from conformance.runner.values import UnboundError, at_path, differences, fill

SCENARIO_SECONDS: Final = 300.0
CALL_SECONDS: Final = 30.0
AGAIN_SECONDS: Final = 0.02
MAIN: Final = "main"
OPENS: Final = ("stream.open", "floor.open", "workspace.open")
FRAME_KINDS: Final = ("snapshot_chunk", "changes", "bookmark", "going_away", "change")


class DoesNotHoldError(Exception):
    """Something of a scenario does not hold; the message says what."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a scenario went: ``failure`` is empty where all held. The transcript has a line for each message."""

    scenario: Scenario
    failure: str
    seconds: float
    transcript: tuple[str, ...] = field(repr=False, default=())


class Play:
    """One scenario on one driver. Use ``run`` once."""

    def __init__(self, scenario: Scenario, driver: Driver, server: Target, tenant: str) -> None:
        """``tenant`` is nobody else's; its name is also the prefix of the scenario's names."""
        self._scenario = scenario
        self._driver = driver
        self._server = server
        self._tenant = tenant
        self._bound: dict[str, Any] = {
            **scenario.bound,
            "tenant": tenant,
            "target": server.address,
            "error_tree": dict(KIND_OF),
        }
        self._seen = SeenPositions()
        self._transcript: list[str] = []
        self._began = time.monotonic()
        self._mail = Mail(driver.inbox(tenant), lambda event: self._write("<", event))
        self._connections: list[str] = []

    async def run(self) -> Outcome:
        """Play it to its end or its first failure."""
        failure = ""
        try:
            async with asyncio.timeout(SCENARIO_SECONDS):
                await self._connect(MAIN, {})
                for step in self._scenario.steps:
                    await self._guarded(step)
                self._mail.sort()
                if self._mail.told_twice:
                    failure = f"a change was told twice: {self._mail.told_twice[0]}"
        except DoesNotHoldError as error:
            failure = str(error)
        except TimeoutError:
            failure = f"did not end within {SCENARIO_SECONDS:g} s"
        except DriverFailedError as error:
            failure = f"the driver failed: {error}"
        failure = failure or await self._leave()
        self._mail.sort()
        self._driver.forget(self._tenant)
        return Outcome(self._scenario, failure, time.monotonic() - self._began, tuple(self._transcript))

    async def _leave(self) -> str:
        """Disconnect what the scenario connected; what went wrong with that."""
        try:
            for name in self._connections:
                await self._ask({"do": "disconnect", "connection": name})
        except ErrorAnswer as error:
            return f"disconnect: {error.fields}"
        except DriverFailedError as error:
            return f"disconnect: {error}"
        return ""

    async def _guarded(self, step: Step) -> None:
        try:
            await getattr(self, f"_step_{step.kind}")(self._filled(step.subject), step.fields)
        except (DoesNotHoldError, UnboundError, NothingCameError) as error:
            raise DoesNotHoldError(f"{step}\n{error}") from None
        except ErrorAnswer as error:
            raise DoesNotHoldError(f"{step}\nanswered with an error: {error.fields}") from None

    def _filled(self, value: Any) -> Any:
        return fill(value, self._bound)

    # --- requests -----------------------------------------------------------------------------------------------------

    async def _ask(self, request: dict[str, Any]) -> Any:
        if not isinstance(self._server, ServerProcess):
            request = self._seen.demanding(request)
        self._write(">", request)
        try:
            answer = await self._driver.ask(prefixed(request, self._tenant))
        except ErrorAnswer as error:
            self._write("<", {"error": error.fields})
            raise
        self._write("<", {"ok": answer})
        self._seen.note(request, answer)
        return answer

    async def _connect(self, name: str, options: Mapping[str, Any]) -> None:
        own = {"target": self._server.address, "tenant": self._tenant, "call_timeout": CALL_SECONDS}
        await self._ask({"do": "connect", "name": name, "options": {**own, **options}})
        self._connections.append(name)

    def _call_request(self, method: str, fields: Mapping[str, Any], on: str = "") -> dict[str, Any]:
        request = {"do": "call", "connection": on or fields.get("via", MAIN), "method": method}
        request["request"] = self._filled(fields.get("request", {}))
        return request | ({"timeout": fields["timeout"]} if "timeout" in fields else {})

    async def _step_call(self, method: str, fields: Mapping[str, Any]) -> None:
        await self._expecting(self._call_request(method, fields), fields, "response")

    async def _step_do(self, verb: str, fields: Mapping[str, Any]) -> None:
        request = {"do": verb, **self._filled(fields.get("with", {}))}
        if verb in OPENS:
            request.setdefault("connection", MAIN)
        if verb == "floor.open":
            self._mail.begin_floor(request["floor"])
        if verb == "disconnect":
            self._connections.remove(request["connection"])
        await self._expecting(request, fields, "response" if verb == "workspace.do" else "")

    async def _expecting(self, request: dict[str, Any], fields: Mapping[str, Any], path: str) -> None:
        """Ask, again and again until it is as expected where ``until`` gives seconds, and bind from the answer."""
        end = time.monotonic() + float(fields.get("until", 0))
        written = len(self._transcript)
        while True:
            del self._transcript[written:]
            lines, answer = await self._asked(request, fields, path)
            if not lines:
                break
            if time.monotonic() >= end:
                raise DoesNotHoldError("\n".join(lines))
            await asyncio.sleep(AGAIN_SECONDS)
        self._bind(fields, answer)

    async def _asked(self, request: dict[str, Any], fields: Mapping[str, Any], path: str) -> tuple[list[str], Any]:
        try:
            answer = at_path(await self._ask(request), path)
        except ErrorAnswer as error:
            if "error" not in fields:
                return [f"answered with an error: {error.fields}"], {}
            return self._error_differences(fields["error"], error.fields), error.fields
        if "error" in fields:
            return [f"should answer with an error {fields['error']}, and answered {answer!r:.500}"], answer
        return differences(self._filled(fields.get("expect", {})), answer), answer

    def _error_differences(self, expected: Any, found: Mapping[str, Any]) -> list[str]:
        has_errors = "errors" in self._driver.features
        return differences(complete(self._filled(expected), has_errors=has_errors), found, "error")

    def _bind(self, fields: Mapping[str, Any], answer: Any) -> None:
        for name, path in fields.get("bind", {}).items():
            self._bound[name] = at_path(answer, path)

    async def _step_together(self, method: str, fields: Mapping[str, Any]) -> None:
        connections = self._filled(fields.get("via", [MAIN]))
        requests = []
        for number in range(int(self._filled(fields.get("times", len(connections))))):
            self._bound["i"] = number
            requests.append(self._call_request(method, fields, connections[number % len(connections)]))
        answers = await asyncio.gather(*map(self._ask, requests), return_exceptions=True)
        tally: Counter[str] = Counter()
        lines = []
        for answer in answers:
            if isinstance(answer, ErrorAnswer):
                tally[answer.fields.get("reason") or answer.fields.get("code") or "error"] += 1
                lines += self._error_differences(fields.get("errors", {}), answer.fields)
            elif isinstance(answer, BaseException):
                raise answer
            else:
                tally["ok"] += 1
                self._bind(fields, answer["response"])
        expected = self._filled(fields["tally"])
        if dict(tally) != expected:
            lines.append(f"should end as {expected}, and ended as {dict(tally)}")
        if lines:
            raise DoesNotHoldError("\n".join(lines))

    async def _step_connect(self, name: str, fields: Mapping[str, Any]) -> None:
        options = self._filled(fields.get("options", {}))
        if "error" not in fields:
            await self._connect(name, options)
            return
        with contextlib.suppress(ErrorAnswer):
            await self._connect(name, options)
            raise DoesNotHoldError("should be refused, and was connected")

    # --- streams and events -------------------------------------------------------------------------------------------

    async def _step_open(self, stream: str, fields: Mapping[str, Any]) -> None:
        request = {"do": "stream.open", "connection": fields.get("via", MAIN), "stream": stream}
        request |= {"method": fields["method"], "request": self._filled(fields.get("request", {}))}
        end = time.monotonic() + float(fields.get("until", 0))
        while True:
            await self._ask(request)
            if "until" not in fields or (refusal := await self._refusal(stream)) is None:
                return
            if time.monotonic() >= end:
                raise DoesNotHoldError(f"should begin with a frame, and ended with {refusal}")
            await asyncio.sleep(AGAIN_SECONDS)

    async def _refusal(self, stream: str) -> Event | None:
        """The end of a stream that ended before its first frame; None for one that begins, whose frame is kept."""

        def ended(event: Event) -> bool:
            return event["event"] == "end" and event["stream"] == stream

        try:
            first = await self._mail.next("frame", lambda event: event["stream"] == stream, until=ended)
        except NothingCameError:
            return await self._mail.next("end", ended)
        self._mail.put_back(first)
        return None

    async def _step_frame(self, stream: str, fields: Mapping[str, Any]) -> None:
        passing, searched = set(fields.get("passing", ["bookmark"])), fields.get("search", False)
        expected = self._filled(fields.get("expect", {}))

        def counts(event: Event) -> bool:
            kinds = {kind for kind in FRAME_KINDS if kind in event["frame"]}
            counted = event["stream"] == stream and (not kinds or not kinds <= passing)
            return counted and not (searched and differences(expected, event["frame"]))

        def ended(event: Event) -> bool:
            return event["event"] == "end" and event["stream"] == stream

        event = await self._mail.next("frame", counts, **_within(fields), until=ended)
        self._hold(fields, event["frame"])

    async def _step_end(self, stream: str, fields: Mapping[str, Any]) -> None:
        event = await self._mail.next("end", lambda one: one["stream"] == stream, **_within(fields))
        found, expected = event.get("error"), fields.get("error")
        if (expected is None) != (found is None):
            raise DoesNotHoldError(f"should end with {expected or 'no error'}, and ended with {found or 'no error'}")
        if expected is not None and (lines := self._error_differences(expected, found)):
            raise DoesNotHoldError("\n".join(lines))

    async def _step_event(self, kind: str, fields: Mapping[str, Any]) -> None:
        where = self._filled(fields.get("where", {}))
        event = await self._mail.next(kind, lambda one: not differences(where, one), **_within(fields))
        self._bind(fields, event)

    async def _step_check(self, value: Any, fields: Mapping[str, Any]) -> None:
        self._hold(fields, value)

    def _hold(self, fields: Mapping[str, Any], found: Any) -> None:
        if lines := differences(self._filled(fields.get("expect", {})), found):
            raise DoesNotHoldError("\n".join(lines))
        self._bind(fields, found)

    # --- the world ----------------------------------------------------------------------------------------------------

    async def _step_staff(self, people: Mapping[str, Any], _fields: Mapping[str, Any]) -> None:
        await self._set_up("staff", people)

    async def _step_breaks(self, codes: list[str], _fields: Mapping[str, Any]) -> None:
        await self._set_up("breaks", codes)

    async def _step_policy(self, policy: Mapping[str, Any], _fields: Mapping[str, Any]) -> None:
        await self._set_up("policy", policy)

    async def _set_up(self, kind: str, subject: Any) -> None:
        for method, request in set_up_requests(kind, subject):
            answer = await self._ask({"do": "call", "connection": MAIN, "method": method, "request": request})
            failed = [one for one in answer["response"].get("results", ()) if "error" in one]
            if failed:
                raise DoesNotHoldError(f"cannot be set up: {failed}")

    async def _step_server(self, action: str, fields: Mapping[str, Any]) -> None:
        if not self._scenario.own_server or not isinstance(self._server, ServerProcess):
            raise DoesNotHoldError("only a scenario with a server of its own may touch it")
        self._write("-", {"server": action})
        if action == "forget":
            await self._server.forget(self._tenant)
        elif action == "terminate":
            await self._server.terminate()
        else:
            await getattr(self._server, action)()
        if action == "empty":
            self._mail.begin_floor()

    def _write(self, direction: str, message: Any) -> None:
        self._transcript.append(f"{time.monotonic() - self._began:8.3f} {direction} {message}")


def _within(fields: Mapping[str, Any]) -> dict[str, float]:
    return {"within": float(fields["within"])} if "within" in fields else {}

"""The command `onduty watch`: chooses how to show the floor, and ends cleanly when asked to; following is follower.py's."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Annotated

import typer

from onduty.v1.router_service_pb2 import DELIVERY_EVERY_CHANGE, DELIVERY_LATEST_PER_STAFF, WatchStaffRequest
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.known_names import unknown_names
from onduty_cli.moments import parse_duration
from onduty_cli.options import Groups, StaffIds, Statuses, staff_filter
from onduty_cli.output import json_line
from onduty_cli.staff_table import staff_table
from onduty_cli.staff_words import legend_of
from onduty_cli.watch.feed import BOOKMARKS_EVERY_SECONDS
from onduty_cli.watch.floor import Floor
from onduty_cli.watch.follower import Follower
from onduty_cli.watch.lines import LineView
from onduty_cli.watch.live import LiveView
from onduty_cli.watch.trouble import Limits

app = typer.Typer()


def _duration(text: str) -> int:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


LongCall = Annotated[
    int | None,
    typer.Option(
        "--long-call", metavar="DURATION", parser=_duration, show_default=False,
        help="The table marks calls that last so long. Left out: 30m.",
    ),
]  # fmt: skip
LongWrapUp = Annotated[
    int | None,
    typer.Option(
        "--long-wrap-up", metavar="DURATION", parser=_duration, show_default=False,
        help="The table marks wrap-ups that last so long. Left out: 5m.",
    ),
]  # fmt: skip


@client_command(app, "watch")
def watch(
    run: Invocation,
    *,
    group: Groups = None,
    status: Statuses = None,
    staff: StaffIds = None,
    latest: Annotated[
        bool, typer.Option("--latest", help="Keep up by leaving out changes in between when there are very many.")
    ] = False,
    resume_after: Annotated[
        str,
        typer.Option("--resume-after", metavar="POSITION", help="Go on after this position, without a snapshot."),
    ] = "",
    plain: Annotated[bool, typer.Option("--plain", help="Lines instead of the live table, one for each change.")] = False,
    long_call: LongCall = None,
    long_wrap_up: LongWrapUp = None,
    once: Annotated[bool, typer.Option("--once", help="Show the floor as it is now, and end.")] = False,
) -> None:
    """Watch the floor: on a terminal a live table, else a line for each change.

    The table puts first who needs a look. Keys: q quits, ? shows all keys, / searches by name or id, s sorts, f filters by
    status, g by skill group, p pauses; arrows, PgUp, PgDn, Home and End scroll. On Windows it has no keys; Ctrl-C ends it.

    It goes on when the server restarts, without losing a change, until Ctrl-C. With --json it writes each frame of the
    stream as one object; its position is what --resume-after takes.

    Example: onduty watch --group sales
    """
    request = WatchStaffRequest(
        filter=staff_filter(group, status, staff),
        resume_after=resume_after,
        delivery=DELIVERY_LATEST_PER_STAFF if latest else DELIVERY_EVERY_CHANGE,
    )
    live = run.output.is_terminal and not run.output.console.is_dumb_terminal and not (plain or run.output.as_json)
    if resume_after and (once or live):
        raise typer.BadParameter("--resume-after begins without a snapshot: it goes with --plain or --json")
    with contextlib.suppress(KeyboardInterrupt), _terminated_like_interrupted():
        _remark_unknown(run, group, staff)
        if once:
            _show_once(run, request)
        elif live:
            _show_live(run, request, _limits(long_call, long_wrap_up))
        else:
            _show_lines(run, request)


def _remark_unknown(run: Invocation, groups: list[str] | None, staff_ids: list[str] | None) -> None:
    """Say that a filter names somebody or a group that is not there: a word misspelt, or who comes later."""
    unknown = unknown_names(run.session, groups=groups, staff_ids=staff_ids) if groups or staff_ids else None
    if unknown is not None:
        near = f"; did you mean {' or '.join(unknown.near)}?" if unknown.near else ""
        run.output.remark(f"there is no {unknown.kind} {unknown.name!r} now{near}")


def _show_once(run: Invocation, request: WatchStaffRequest) -> None:
    floor = Floor()
    for frame in run.session.watch(request, timeout_seconds=run.session.endpoint.timeout_seconds):
        floor.apply(frame)
        if run.output.as_json:
            run.output.line(json_line(frame))
        if floor.is_complete:
            break
    if not run.output.as_json:
        run.output.show(staff_table(floor.staff(), now=run.clock.now()))
        run.output.remark(legend_of(floor.staff()))


def _limits(long_call: int | None, long_wrap_up: int | None) -> Limits:
    usual = Limits()
    return Limits(
        wrap_up=usual.wrap_up if long_wrap_up is None else long_wrap_up,
        call=usual.call if long_call is None else long_call,
    )


def _show_live(run: Invocation, request: WatchStaffRequest, limits: Limits) -> None:
    # A table shows what is, not how it came to be; and asks for a sign of life often, to know that it is fresh.
    request.delivery = DELIVERY_LATEST_PER_STAFF
    request.bookmark_interval.FromSeconds(BOOKMARKS_EVERY_SECONDS)
    view = LiveView(run.output.console, run.session.endpoint.server, run.clock.now, limits)
    view.run(Follower(run.session, request), close=run.session.close)


def _show_lines(run: Invocation, request: WatchStaffRequest) -> None:
    view = LineView(run.output, run.session.endpoint.server)
    follower = Follower(run.session, request)
    try:
        with _terminated_like_interrupted():
            for event in follower.events():
                view.show(event)
    except KeyboardInterrupt:
        if follower.position and not run.output.as_json:
            run.output.remark(f"to go on from here: --resume-after {follower.position}")


@contextlib.contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Lets SIGTERM end the block as Ctrl-C does: by KeyboardInterrupt, and by nothing else."""
    told = threading.Event()

    def interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal module's signature.
        told.set()
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # A signal that whoever started the program has it ignore stays ignored.
    heard = [number for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, interrupt) for number in heard}
    try:
        yield
    except RuntimeError as error:
        if not told.is_set():
            raise
        # gRPC waits on a condition. Interrupted as it takes its lock again, that fails to release what it does not hold.
        raise KeyboardInterrupt from error
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

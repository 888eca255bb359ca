"""Shows a watch as lines, one for each change, for pipes, logs and programs; the live table is live.py's."""

from rich.text import Text

from onduty.v1.staff_pb2 import TRANSITION_KIND_DELETED
from onduty_cli.explanations import explain
from onduty_cli.history_tables import from_to
from onduty_cli.moments import instant_of, moment_text
from onduty_cli.output import Output, json_line, printable
from onduty_cli.watch.floor import Floor, FloorChange
from onduty_cli.watch.follower import Event, Lost, Received, Restarted
from onduty_cli.words import cause_words

_STAFF_WIDTH = 12
_FROM_TO_WIDTH = 32


def change_line(change: FloorChange) -> Text:
    """Returns a change as a line: when, who, from → to, why, the call and the note."""
    transition = change.transition
    statuses = from_to(transition)
    if change.left and transition.kind != TRANSITION_KIND_DELETED:
        statuses = Text.assemble(statuses, " (left)")
    statuses.pad_right(max(_FROM_TO_WIDTH - statuses.cell_len, 0))
    why = "seen late" if change.seen_late else cause_words(transition.cause)
    rest = (why, f"call {transition.call_id}" if transition.call_id else "", transition.note)
    return Text.assemble(
        moment_text(instant_of(transition.changed_at)),
        f"  {printable(transition.staff_id):<{_STAFF_WIDTH}}  ",
        statuses,
        "  " + "  ".join(printable(part) for part in rest if part),
    )


class LineView:
    """Writes a line a change, or a JSON object a frame; remarks on the connection go to standard error."""

    def __init__(self, output: Output, server: str) -> None:
        """Begin before the first frame."""
        self._output = output
        self._server = server
        self._floor = Floor()
        self._was_lost = False

    def show(self, event: Event) -> None:
        """Shows what happened."""
        match event:
            case Received(frame=frame):
                self._remark_return()
                was_complete = self._floor.is_complete
                changes = self._floor.apply(frame)
                if self._output.as_json:
                    self._output.line(json_line(frame))
                    return
                if self._floor.is_complete and not was_complete:
                    self._output.remark(f"watching {len(self._floor)} staff at {self._server}; end with Ctrl-C")
                for change in changes:
                    self._write(change)
            case Lost(failure=failure, wait_seconds=wait_seconds):
                self._floor.forget_incoming()
                self._was_lost = True
                why = explain(failure)[0] if failure else "the server is going away"
                self._output.remark(f"{why}; watching again in {wait_seconds:.1f} s")
            case Restarted(failure=failure):
                self._floor.forget_incoming()
                self._output.remark(f"{explain(failure)[0]}; watching afresh")

    def _remark_return(self) -> None:
        if self._was_lost:
            self._was_lost = False
            self._output.remark(f"connected to {self._server} again; what happened meanwhile follows")

    def _write(self, change: FloorChange) -> None:
        line = change_line(change)
        if self._output.is_terminal:
            self._output.console.print(line, soft_wrap=True)
        else:
            self._output.line(line.plain.rstrip())

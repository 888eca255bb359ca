"""Shows the service's answers about one staff member, all in the same form; it asks nothing itself."""

from typing import Any

from onduty_cli.client_command import Invocation
from onduty_cli.staff_words import sentence


def show_answer(run: Invocation, answer: Any, *, before: str = "") -> None:
    """Shows how the staff member stands now, or the whole answer as JSON.

    Args:
        run: The command's invocation.
        answer: Any answer of the contract with the fields ``staff`` and ``replayed``.
        before: What to say before it.
    """
    replayed = "; answered before, nothing new was done" if answer.replayed else ""
    run.output.result(answer, f"{before}{sentence(answer.staff)}{replayed}")

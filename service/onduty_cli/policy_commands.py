"""The commands of `onduty policy`; the fields' names and kinds are the contract's, not its own."""

from typing import Annotated

import typer
from google.protobuf.field_mask_pb2 import FieldMask
from rich.text import Text

from onduty.v1 import admin_service_pb2, policy_pb2
from onduty_cli.client_command import Invocation, client_command
from onduty_cli.options import RequestId
from onduty_cli.output import json_line, plain_table
from onduty_cli.policy_fields import policy_keys, policy_values, set_policy_value
from onduty_cli.sheets import POLICY

app = typer.Typer(no_args_is_help=True, help="The rules that a tenant may set.")


def _complete_key(incomplete: str) -> list[str]:
    return [f"{key}=" for key in policy_keys() if key.startswith(incomplete)]


@client_command(app, "show", table=True)
def show(run: Invocation) -> None:
    """Show the policy, each value as `policy set` takes it.

    Example: onduty policy show
    """
    answer: admin_service_pb2.GetPolicyResponse = run.session.call(
        run.session.admin.GetPolicy, admin_service_pb2.GetPolicyRequest()
    )
    _show(run, answer.policy, answer.revision)


@client_command(app, "set", table=True)
def set_policy(
    run: Invocation,
    *,
    assignments: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY=VALUE",
            autocompletion=_complete_key,
            help="What to change; the rest stays.",
            show_default=False,
        ),
    ],
    request_id: RequestId = "",
) -> None:
    """Change the policy. Durations are written as 30s or 4h, lists with commas; none removes a duration or empties a list.

    Example: onduty policy set after_call_work.countdown=45s no_answer.status=busy
    """  # fmt: skip
    policy = policy_pb2.Policy()
    keys: list[str] = []
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        if not equals or key in keys:
            raise typer.BadParameter(f"{assignment!r}: write KEY=VALUE, each key once")
        try:
            set_policy_value(policy, key, value)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
        keys.append(key)
    request = admin_service_pb2.UpdatePolicyRequest(policy=policy, update_mask=FieldMask(paths=keys), request_id=request_id)
    answer: admin_service_pb2.UpdatePolicyResponse = run.session.call(run.session.admin.UpdatePolicy, request)
    _show(run, answer.policy, answer.revision)


def _show(run: Invocation, policy: policy_pb2.Policy, revision: int) -> None:
    if run.output.as_json:
        run.output.line(json_line(policy))
        return
    if not run.output.is_for_people:
        run.output.rows(POLICY, policy_values(policy))
        return
    table = plain_table("policy", "value")
    for key, value in policy_values(policy):
        table.add_row(Text(key), Text(value))
    run.output.show(table)
    run.output.remark(f"revision {revision}" if revision else "never changed; these are the defaults")

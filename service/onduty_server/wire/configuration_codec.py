"""Break reasons, policies and changes of configuration as protobuf bytes and back."""

from onduty.v1 import history_service_pb2, policy_pb2
from onduty_server.domain.model.configuration import ConfigurationChange
from onduty_server.domain.model.policy import BreakReason, Policy
from onduty_server.wire.configuration_messages import break_reason_message, configured_message, policy_message, policy_value
from onduty_server.wire.field_changes import field_changes
from onduty_server.wire.primitives import micros, put


class ConfigurationCodec:
    """The part of the codec port that is about configuration."""

    def encode_break_reason(self, reason: BreakReason, *, deleted: bool) -> bytes:
        """A break reason; a deleted one is no bytes at all, which no reason is: a code has at least a character."""
        if deleted:
            return b""
        return break_reason_message(reason).SerializeToString()

    def decode_break_reason(self, state: bytes) -> BreakReason | None:
        """A break reason back, or None for a tombstone."""
        if not state:
            return None
        message = policy_pb2.BreakReason.FromString(state)
        return BreakReason(message.code, message.display_name, message.enabled, micros(message.limit))

    def encode_configuration(self, change: ConfigurationChange) -> bytes:
        """A change of configuration, without its revision."""
        message = history_service_pb2.ConfigurationChange(
            kind=change.kind,  # type: ignore[arg-type]
            subject=change.subject,
            action=change.action,  # type: ignore[arg-type]
            note=change.note,
            request_id=change.request_id,
            fields=field_changes(configured_message(change.before), configured_message(change.after)),
        )
        message.actor.role, message.actor.id = change.actor.role, change.actor.actor_id  # type: ignore[assignment]
        put(change.changed_at, message.changed_at)
        return message.SerializeToString()

    def encode_policy(self, policy: Policy) -> bytes:
        """A policy."""
        return policy_message(policy).SerializeToString()

    def decode_policy(self, state: bytes) -> Policy:
        """A policy back."""
        return policy_value(policy_pb2.Policy.FromString(state))

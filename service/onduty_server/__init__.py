"""Onduty, the staff-status service of a contact centre. The rooms are described in docs/architecture.md."""

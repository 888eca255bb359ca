"""The rules: what a staff member's status is and how it may change. Pure: no clock, no I/O, no wire format."""

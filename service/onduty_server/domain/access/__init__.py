"""Who calls and what they may reach, as values and tables; it reads no credential and no request."""

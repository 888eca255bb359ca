"""What the rules speak of, as values: states, changes, commands, policy and errors."""

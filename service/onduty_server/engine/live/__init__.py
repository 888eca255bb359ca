"""What this process shows: present states, deadlines and the clock, moved by one applier."""

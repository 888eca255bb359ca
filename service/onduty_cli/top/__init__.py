"""Shows how servers do from their admin pages: two scrapes, the figures between them, and the screen. It changes nothing."""

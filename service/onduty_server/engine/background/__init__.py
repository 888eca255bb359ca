"""What the service does without being asked: deadlines, retention, erasure, the journal's health, the lead among replicas."""

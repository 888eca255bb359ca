"""How replicas of a store have their leader decide."""

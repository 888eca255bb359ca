"""Who is calling: credentials are checked here. What they reach is in ``domain/access``; what an RPC needs, in the contract."""

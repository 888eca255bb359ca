"""Who is calling. Credentials are checked here; what a role may do is in ``rpc/method_policy.py``."""

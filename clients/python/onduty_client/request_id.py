"""Makes the ids by which the server knows again what it has met: of requests and of workspaces. It does not send them."""

import uuid


def new_request_id() -> str:
    """A random id that nobody has used: a mutation can be asked again with it safely."""
    return str(uuid.uuid4())


def new_workspace_id() -> str:
    """A random id that no workspace has."""
    return str(uuid.uuid4())

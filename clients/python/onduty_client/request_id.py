"""Makes the ids that let a mutation be asked again safely. It does not send them."""

import uuid


def new_request_id() -> str:
    """A random id that nobody has used."""
    return str(uuid.uuid4())

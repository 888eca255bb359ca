"""As whom commands act: the name given, else the user of this machine where a person is expected; it sends nothing."""

import re

_NAME = re.compile(r"[!-~](?:[ -~]{0,126}[!-~])?")


def is_actor(name: str) -> bool:
    """Whether a name can be sent: 1-128 printable ASCII characters without blanks around them."""
    return _NAME.fullmatch(name) is not None


def user_name() -> str:
    """The name of the user who runs the command; empty where there is none, or it cannot be sent."""
    import getpass  # noqa: PLC0415 - it brings the terminal's settings with it, and most commands name no user.

    try:
        name = getpass.getuser()
    except (KeyError, ImportError, OSError):  # a user id without an entry, as in a container; 3.13 raises OSError.
        return ""
    return name if is_actor(name) else ""

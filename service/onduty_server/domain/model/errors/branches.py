"""The root of all errors, and its three branches: whose fault it is, and whether sending the request again helps."""


class OndutyError(Exception):
    """Any error that callers are told about."""


class CallerError(OndutyError):
    """The caller's to mend: the same request will not succeed by being sent again."""


class ThrottledError(OndutyError):
    """Nobody's fault: too much at once. The same request may succeed later."""


class ServiceError(OndutyError):
    """Ours; the caller may try again."""

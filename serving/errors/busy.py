"""What there is no time for now, or nobody to wait for it."""

from kiemtin.errors import KiemtinError


class BusyError(KiemtinError):
    """
    Not now; later.

    Args:
        message: What there is too much of.
        retry_after_s: When to try again.
    """

    def __init__(self, message: str, *, retry_after_s: float = 1) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class RateLimitedError(BusyError):
    """The key has used up what it may have in a minute."""

    code = "rate_limited"


class ClientLeftError(KiemtinError):
    """The caller left before the answer."""

    code = "client_left"


class TooManyConnectionsError(BusyError):
    """Every connection that there may be is at work."""

    code = "too_many_connections"


class QueueFullError(BusyError):
    """Too much waits to be scored already."""

    code = "queue_full"


class DeadlineError(BusyError):
    """The answer did not come in the time that was given for it."""

    code = "deadline"


class SwapInProgressError(BusyError):
    """Another model is just being loaded."""

    code = "swap_in_progress"

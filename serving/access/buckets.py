"""How much may still be had: a bucket that leaks, exact to the nanosecond."""

from typing import NamedTuple

_NS = 1_000_000_000


class Standing(NamedTuple):
    """
    What came of a wish, and what is left.

    Attributes:
        wait_ns: In how many nanoseconds it could be granted; 0 if it was.
        left: How many items could be had now.
        whole_ns: In how many nanoseconds all of them could be had.
    """

    wait_ns: int
    left: int
    whole_ns: int


class Bucket:
    """
    Fills by what is taken, and leaks evenly: *limit* items in *window_s* seconds.

    In any stretch of time t no more than ``limit + limit * t / window_s`` items are
    granted. The level is counted in items times nanoseconds, so that nothing is ever
    rounded in favour of anybody. (The leaky bucket as a meter; ITU-T I.371 calls it
    the generic cell rate algorithm.)

    Args:
        limit: Items that may be had at once, and in each window; at least 1.
        window_s: Length of the window.
    """

    __slots__ = ("_at_ns", "_level", "_window_ns", "limit")

    def __init__(self, limit: int, window_s: int) -> None:
        self.limit = limit
        self._window_ns = window_s * _NS
        self._level = 0
        self._at_ns = 0

    def take(self, n_items: int, now_ns: int) -> Standing:
        """
        Grant *n_items* if they fit, all or none.

        Args:
            n_items: At most ``limit``: more can never fit.
            now_ns: The time on a clock that never goes back.
        """
        self._leak(now_ns)
        wanted = n_items * self._window_ns
        over = self._level + wanted - self.limit * self._window_ns
        if over <= 0:
            self._level += wanted
        return self._standing(wait_ns=max(0, -(-over // self.limit)))

    def give_back(self, n_items: int, now_ns: int) -> Standing:
        """Undo that *n_items* were granted; what leaked since is not given twice."""
        self._leak(now_ns)
        self._level = max(0, self._level - n_items * self._window_ns)
        return self._standing(wait_ns=0)

    def _leak(self, now_ns: int) -> None:
        leaked = self.limit * max(0, now_ns - self._at_ns)
        self._level = max(0, self._level - leaked)
        self._at_ns = max(self._at_ns, now_ns)

    def _standing(self, *, wait_ns: int) -> Standing:
        return Standing(
            wait_ns=wait_ns,
            left=(self.limit * self._window_ns - self._level) // self._window_ns,
            whole_ns=-(-self._level // self.limit),
        )

"""Connections that nobody waits on: the first to go when there are too many."""

from collections import OrderedDict
from typing import Protocol


class Idle(Protocol):
    """A connection on which nothing is being answered."""

    def leave(self) -> None:
        """Close it."""


class Crowd:
    """
    Who is idle, those first who have been so for longest.

    Strangers, who never asked anything, go before those who did and may ask again: who
    only opens connections pushes out others of his kind.

    Args:
        most: How many connections there may be; 0 for any number.
    """

    def __init__(self, most: int = 0) -> None:
        self._most = most
        self._strangers: OrderedDict[Idle, None] = OrderedDict()
        self._regulars: OrderedDict[Idle, None] = OrderedDict()

    def come(self, stranger: Idle, n_open: int) -> bool:
        """
        Let *stranger* in, in the place of another if there is no other.

        Args:
            stranger: Who comes.
            n_open: How many connections there are with it.

        Returns:
            Whether there was a place.
        """
        is_full = 0 < self._most < n_open
        if is_full and not self._make_room():
            return False
        self._strangers[stranger] = None
        return True

    def rest(self, regular: Idle) -> None:
        """Note that *regular* was answered."""
        self._regulars[regular] = None

    def work(self, one: Idle) -> None:
        """Note that *one* is not idle any more, or not there."""
        if self._regulars.pop(one, self) is self:
            self._strangers.pop(one, None)

    def _make_room(self) -> bool:
        for idle in (self._strangers, self._regulars):
            if idle:
                oldest, _ = idle.popitem(last=False)
                oldest.leave()
                return True
        return False

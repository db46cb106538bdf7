"""Posts that wait for a worker: in two lanes, and within each by length."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kiemtin.schemas import Item
from serving.engine.call import Call, Result
from serving.engine.lanes import Lane

CHARS_PER_TOKEN = 4
"""In Vietnamese, about; the exact number is known when a worker has read the text."""
_REASONS = 32
"""How much more work it is to say why."""
_TURNS = 3
"""So many batches of the interactive lane come before one of the other."""
_MOST_POSTS = 32


@dataclass(frozen=True, slots=True)
class Job:
    """
    One post of a call.

    Attributes:
        call: Whose post it is.
        index: Which of the call's posts it is.
        n_tokens: How much work it is, guessed from its characters.
        tries: How often a worker was lost over it; then it goes alone.
    """

    call: Call
    index: int
    n_tokens: int
    tries: int = 0

    @property
    def item(self) -> Item:
        """The post."""
        return self.call.items[self.index]

    def again(self) -> "Job":
        """Return the same for another try."""
        return replace(self, tries=self.tries + 1)

    def give(self, result: Result) -> None:
        """Answer it."""
        self.call.give(self.index, result)


def tokens_of(item: Item, most: int) -> int:
    """Return how much work *item* is, in tokens; of a long text *most* are read."""
    n_tokens = min(len(item.text) // CHARS_PER_TOKEN + 2, most)
    return n_tokens * _REASONS if item.explain else n_tokens


class Line:
    """
    One lane.

    Posts stand in rows by the logarithm of their length, each in order of arrival; so
    those of nearly one length are found without looking at all of them.
    """

    def __init__(self) -> None:
        self._rows: dict[int, deque[tuple[int, Job]]] = {}
        self.n_tokens = 0
        self.n_posts = 0

    def put(self, number: int, job: Job) -> None:
        """Let *job* wait; of two jobs the one with the smaller *number* came first."""
        if job.call.has_left:
            return
        # Rows of nothing but one job are below all others.
        row = -number if job.tries else job.n_tokens.bit_length()
        self._rows.setdefault(row, deque()).append((number, job))
        self._count(job.call, 1, job.n_tokens)

    def leave(self, call: Call) -> None:
        """Let *call* take no more room; its jobs are dropped when their turn comes."""
        self._count(call, -call.n_posts_waiting, -call.n_tokens_waiting)
        call.has_left = True

    def take(self, most_tokens: int) -> list[Job]:
        """Return the oldest job and, as room allows, some of nearly its length."""
        taken: list[Job] = []
        while not taken and self._rows:
            oldest = min(self._rows, key=lambda row: self._rows[row][0][0])
            for row in (oldest, oldest - 1, oldest + 1):
                for job in self._pop(row, most_tokens):
                    taken.append(job)
                    most_tokens -= job.n_tokens
                    if most_tokens <= 0 or len(taken) == _MOST_POSTS:
                        return taken
                if row < 0:
                    break
        return taken

    def _pop(self, row: int, most_tokens: int) -> Iterator[Job]:
        """Yield jobs of one row; those that nobody waits for any more are dropped."""
        jobs = self._rows.get(row)
        while jobs:
            _, job = jobs.popleft()
            if not jobs:
                del self._rows[row]
            if job.call.has_left:
                continue
            self._count(job.call, -1, -job.n_tokens)
            if not job.call.is_over:
                yield job

    def _count(self, call: Call, n_posts: int, n_tokens: int) -> None:
        call.n_posts_waiting += n_posts
        call.n_tokens_waiting += n_tokens
        self.n_posts += n_posts
        self.n_tokens += n_tokens


class Waiting:
    """Both lanes."""

    def __init__(self) -> None:
        self.lines = {lane: Line() for lane in Lane}
        self._n_put = 0
        self._turn = 0

    def put(self, job: Job) -> None:
        """Let *job* wait behind those of its lane that came before."""
        self._n_put += 1
        self.lines[job.call.lane].put(self._n_put, job)

    def leave(self, call: Call) -> None:
        """Let *call* take no more room."""
        self.lines[call.lane].leave(call)

    def take(self, most_tokens: int) -> list[Job]:
        """Return the next batch, of one lane; nothing if nobody waits."""
        self._turn = (self._turn + 1) % (_TURNS + 1)
        lanes = (Lane.INTERACTIVE, Lane.BULK)
        for lane in lanes if self._turn else reversed(lanes):
            if taken := self.lines[lane].take(most_tokens):
                return taken
        return []

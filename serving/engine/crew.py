"""The workers of one model, and the posts that wait for them."""

import asyncio
import os
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import structlog

from kiemtin.errors import BundleCorruptError, BundleError
from kiemtin.manifest import Manifest
from serving.engine.call import Call
from serving.engine.frames import Head
from serving.engine.lanes import Lane
from serving.engine.link import Link
from serving.engine.metrics import Batch, EngineMetrics
from serving.engine.model import Model, Proof
from serving.engine.refusals import bundle_error, input_error
from serving.engine.scored import Reply
from serving.engine.waiting import CHARS_PER_TOKEN, Job, Waiting, tokens_of
from serving.errors import InternalError, QueueFullError

_log = structlog.get_logger()

_TRIES = 2
_ENDED = "the process that loaded the bundle ended"
_RESTART_S = 1.0
_COUNTS = {x.name for x in fields(Batch)}
_SMOOTHING = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """
    How a crew works.

    Attributes:
        workers: How many processes score.
        threads: How many threads each of them has.
        provider: What runs the network: ``cpu`` or ``cuda``.
        batch_tokens: How much work is handed over at once.
        repeats: How many posts are remembered, so as not to score them again.
        waits_s: For each lane, as much work may wait as is done in so many seconds.
        nice: How much everything else comes first.
    """

    workers: int
    threads: int = 1
    provider: str = "cpu"
    batch_tokens: int = 512
    repeats: int = 0
    waits_s: dict[Lane, float]
    nice: int = 0


class Crew:
    """Workers that hold one model; made by `start`."""

    def __init__(self, folder: Path, terms: Terms, metrics: EngineMetrics) -> None:
        self.terms = terms
        self._metrics = metrics
        self._waiting = Waiting()
        self._links: list[Link] = []
        self._closing = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._memory = _shared_memory() if terms.repeats else None
        self._order: Head = {
            "folder": str(folder),
            "threads": terms.threads,
            "provider": terms.provider,
            "nice": terms.nice,
            "repeats_fd": self._memory,
            "n_repeats": terms.repeats,
            "key": secrets.token_hex(32),
        }
        self._tokens_per_s = 0.0
        self._most_tokens = 0
        self._model: Model | None = None

    @classmethod
    async def start(cls, folder: Path, terms: Terms, metrics: EngineMetrics) -> "Crew":
        """
        Load the bundle in *folder* as often as there are workers, and try it.

        Raises:
            BundleError: If any of them refuses it.
        """
        crew = cls(folder, terms, metrics)
        hired = await asyncio.gather(
            *(crew._hire() for _ in range(terms.workers)), return_exceptions=True
        )
        refused = [x for x in hired if isinstance(x, BaseException)]
        if refused:
            await crew.close()
            raise refused[0]
        said = [x for x in hired if not isinstance(x, BaseException)]
        manifest = Manifest.model_validate(said[0]["manifest"])
        proof = Proof(said[0]["n_goldens"], max(x["largest_difference"] for x in said))
        crew._model = Model.of(folder, manifest, said[0]["digest"], proof)
        crew._most_tokens = manifest.window.tokens * manifest.window.most
        crew._tokens_per_s = sum(x["chars_per_s"] for x in said) / CHARS_PER_TOKEN
        return crew

    @property
    def model(self) -> Model:
        """What they hold."""
        assert self._model is not None  # noqa: S101 -- set by start
        return self._model

    @property
    def pids(self) -> list[int]:
        """The processes that are there now."""
        return [x.process.pid for x in self._links if x.process is not None]

    @property
    def most_waiting(self) -> dict[Lane, int]:
        """How many tokens may wait in each lane before more is refused."""
        return {
            lane: int(seconds * self._tokens_per_s)
            for lane, seconds in self.terms.waits_s.items()
        }

    def submit(self, call: Call) -> None:
        """
        Let the posts of *call* wait for their turn.

        Raises:
            QueueFullError: If too much waits already.
        """
        waits = self._waiting.lines[call.lane].n_tokens
        most = self.terms.waits_s[call.lane] * self._tokens_per_s
        if waits > most:
            self._metrics.refused(call.lane)
            msg = f"{waits} tokens wait to be scored, at most {most:.0f} may"
            raise QueueFullError(msg, retry_after_s=waits / self._tokens_per_s)
        self._idle.clear()
        for index, item in enumerate(call.items):
            self._waiting.put(Job(call, index, tokens_of(item, self._most_tokens)))
        self._hand_out()

    def leave(self, call: Call) -> None:
        """Compute nothing more of *call*, which nobody waits for any more."""
        call.drop()
        self._waiting.leave(call)
        self._note_idle()

    def waiting(self, lane: Lane) -> tuple[int, int]:
        """Return how many posts, and tokens, wait in *lane*."""
        line = self._waiting.lines[lane]
        return line.n_posts, line.n_tokens

    async def retire(self) -> None:
        """Answer what was asked, then end."""
        await self._idle.wait()
        await self.close()

    async def close(self) -> None:
        """End at once."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        # A worker that was just being hired is let go before its table is closed.
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(link.close() for link in self._links))
        if self._memory is not None:
            os.close(self._memory)
            self._memory = None

    async def _hire(self) -> Head:
        """
        Start a worker and return what it says of its bundle.

        Raises:
            BundleError: If it refuses it.
        """
        fds = [] if self._memory is None else [self._memory]
        link = Link(self._order, fds, on_answer=self._take_in, on_lost=self._lose)
        try:
            said = await link.start()
        except EOFError:
            said = {"code": BundleCorruptError.code, "detail": _ENDED}
        except BaseException:
            await link.close()
            raise
        if "code" in said:
            await link.close()
            raise bundle_error(said["code"], said["detail"])
        if self._model and said["digest"] != self._model.digest:
            await link.close()
            msg = f"{self._model.folder} holds another bundle than when it was loaded"
            raise BundleCorruptError(msg)
        self._links.append(link)
        return said

    def _hand_out(self) -> None:
        """
        Give each idle worker a batch.

        None is handed a second one ahead: it would not be idle between two, but what
        waits longer can go with more of its length, and that wins more (benchmarks.md).
        """
        for link in self._links:
            if link.n_handed:
                continue
            jobs = self._waiting.take(self.terms.batch_tokens)
            if not jobs:
                return
            now = asyncio.get_running_loop().time()
            for job in jobs:
                self._metrics.waited(job.call.lane, now - job.call.began)
            link.hand(jobs)

    def _take_in(self, link: Link, jobs: list[Job], head: Head, body: bytes) -> None:
        """Pass on the answers of a batch."""
        if "mistake" in head:
            _log.error("scoring_failed", error=head["mistake"], where=head["where"])
            self._again(jobs)
        else:
            _give(jobs, head, body)
            self._count(jobs, head)
        self._hand_out()
        self._note_idle()

    def _count(self, jobs: Sequence[Job], head: Head) -> None:
        busy_s = head["prepare_s"] + head["network_s"] + head["rest_s"]
        if not head["n_cached"]:
            speed = sum(x.n_tokens for x in jobs) / max(busy_s, 1e-6) * len(self._links)
            self._tokens_per_s += _SMOOTHING * (speed - self._tokens_per_s)
        told = {k: v for k, v in head.items() if k in _COUNTS}
        self._metrics.batch(Batch(n_posts=len(jobs), **told))

    def _lose(self, link: Link, jobs: list[Job]) -> None:
        """Try what a lost worker had once more, and replace it."""
        if link not in self._links:
            return
        if self._closing:
            return
        self._links.remove(link)
        _log.error("worker_lost", n_posts=len(jobs))
        self._again(jobs)
        self._hand_out()
        self._note_idle()
        task = asyncio.create_task(self._replace(link))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _replace(self, lost: Link) -> None:
        await lost.close()
        while not self._closing:
            try:
                await self._hire()
            except (BundleError, OSError) as e:
                _log.error("worker_not_replaced", error=type(e).__name__)
                await asyncio.sleep(_RESTART_S)
            else:
                self._hand_out()
                return

    def _again(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            if job.tries + 1 < _TRIES:
                self._waiting.put(job.again())
            else:
                job.call.fail(InternalError("the post could not be scored"))

    def _note_idle(self) -> None:
        if not any(x.n_handed for x in self._links) and not any(
            line.n_posts for line in self._waiting.lines.values()
        ):
            self._idle.set()


def _give(jobs: Sequence[Job], head: Head, body: bytes) -> None:
    refused = {i: input_error(code, detail) for i, code, detail in head["refused"]}
    sizes = iter(head["sizes"])
    at = 0
    for i, job in enumerate(jobs):
        if i in refused:
            job.give(refused[i])
            continue
        end = at + next(sizes)
        job.give(Reply(body[at:end]))
        at = end


def _shared_memory() -> int:
    """Return a file without a name, in memory where that can be had."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("kiemtin-repeats")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())

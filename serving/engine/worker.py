"""
A worker: a process that holds a bundle and scores what it is handed.

It reads frames from the socket that it inherited and answers each. The first tells it
what to load; it answers with the manifest and how the goldens went, or why not. Each
further one is a batch of posts. It ends when the other end closes.
"""

import mmap
import os
import socket
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from kiemtin.bundle import bundle_digest
from kiemtin.errors import BundleCorruptError, BundleError, InputError
from kiemtin.goldens import check_goldens, read_goldens
from kiemtin.labels import Label, Recommendation
from kiemtin.schemas import Item, ScoreOut
from kiemtin.scoring import Extent, Post, Scorer
from serving.engine.frames import Head, pack, size_of, unpack
from serving.engine.repeats import PLACE_BYTES, Known, Repeats


class Worker:
    """A loaded bundle, and what it said before."""

    def __init__(self, scorer: Scorer, repeats: Repeats | None) -> None:
        self._scorer = scorer
        self._repeats = repeats

    @classmethod
    def load(cls, order: Head) -> tuple["Worker", Head]:
        """
        Load what *order* names and try it on its goldens.

        Returns:
            The worker, and what there is to say of its bundle.

        Raises:
            BundleError: If the bundle is refused.
        """
        folder = Path(order["folder"])
        try:
            scorer = Scorer.load(
                folder, threads=order["threads"], provider=order["provider"]
            )
            goldens = read_goldens(folder)
            check_goldens(scorer, goldens)  # the first runs are slow
            began = time.perf_counter()
            worst = check_goldens(scorer, goldens)
            took_s = time.perf_counter() - began
        except BundleError:
            raise
        except Exception as e:
            # The bytes are those of the manifest, and yet no model comes of them.
            msg = f"{folder} cannot be loaded: {type(e).__name__}"
            raise BundleCorruptError(msg) from e
        digest = bundle_digest(folder)
        repeats = None
        if order["repeats_fd"] is not None:
            context = f"{digest} {scorer.policy.version}"
            n_bytes = order["n_repeats"] * PLACE_BYTES
            # All of them make it this long; it is longer already for all but the first.
            os.ftruncate(order["repeats_fd"], n_bytes)
            memory = mmap.mmap(order["repeats_fd"], n_bytes)
            repeats = Repeats(memory, bytes.fromhex(order["key"]), context)
        return cls(scorer, repeats), {
            "manifest": scorer.manifest.model_dump(mode="json"),
            "digest": digest,
            "n_goldens": len(goldens),
            "largest_difference": worst,
            "chars_per_s": sum(len(x.text) for x in goldens) / took_s,
        }

    def answer(self, rows: Sequence[Sequence[Any]]) -> tuple[Head, bytes]:
        """Score posts, each an id, a text and whether it is to be explained."""
        began = time.perf_counter()
        posts = [self._scorer.read(Item(*row)) for row in rows]
        scores: list[ScoreOut | InputError | None] = [
            x if isinstance(x, InputError) else None for x in posts
        ]
        names = self._recall(posts, scores)
        rest = [i for i, x in enumerate(scores) if x is None]
        left = [x for i in rest if isinstance(x := posts[i], Post)]
        encoded = self._scorer.encode(left)
        prepared = time.perf_counter()
        logits = self._scorer.logits(encoded)
        ran = time.perf_counter()
        for i, post, e, row in zip(rest, left, encoded, logits, strict=True):
            score = scores[i] = self._scorer.conclude(post, e, row)
            if self._repeats and (name := names.get(i)):
                known = Known(list(score.scores.values()), Extent.of(e))
                self._repeats.put(name, known)
        head, body = _reply(scores)
        head["n_cached"] = len(posts) - len(rest) - len(head["refused"])
        head["n_windows"] = sum(len(e.windows) for e in encoded)
        head["n_tokens"], head["n_padded"] = self._scorer.tokens_run(encoded)
        head["prepare_s"], head["network_s"] = prepared - began, ran - prepared
        head["rest_s"] = time.perf_counter() - ran
        return head, body

    def _recall(
        self,
        posts: Sequence[Post | InputError],
        scores: list[ScoreOut | InputError | None],
    ) -> dict[int, bytes]:
        """Fill in *scores* what was said before; return names for what was not."""
        if self._repeats is None:
            return {}
        names: dict[int, bytes] = {}
        for i, post in enumerate(posts):
            if isinstance(post, InputError):
                continue
            name = self._repeats.name(post.text.text)
            known = None if post.item.explain else self._repeats.get(name)
            if known:
                scores[i] = self._scorer.judge(post, known.scores, known.extent)
            else:
                names[i] = name
        return names


def _reply(scores: Sequence[ScoreOut | InputError | None]) -> tuple[Head, bytes]:
    sizes, refused, pieces = [], [], []
    flagged: Counter[Label] = Counter()
    abstained: Counter[Label] = Counter()
    recommended: Counter[Recommendation] = Counter()
    for i, x in enumerate(scores):
        if isinstance(x, ScoreOut):
            piece = x.model_dump_json().encode()
            flagged.update(label for label, yes in x.flagged.items() if yes)
            abstained.update(x.abstain.keys())  # of a mapping it would add the values
            recommended[x.recommendation] += 1
            sizes.append(len(piece))
            pieces.append(piece)
        elif isinstance(x, InputError):
            refused.append((i, x.code, str(x)))
    head = {
        "sizes": sizes,
        "refused": refused,
        "flagged": flagged,
        "abstained": abstained,
        "recommended": recommended,
    }
    return head, b"".join(pieces)


def serve(link: socket.socket) -> None:
    """Answer frames from *link* until it closes."""
    with link, link.makefile("rb") as frames:
        order, _ = _read(frames)
        if order is None:
            return
        os.nice(order["nice"])
        try:
            worker, said = Worker.load(order)
        except BundleError as e:
            link.sendall(pack({"code": e.code, "detail": str(e)}))
            return
        link.sendall(pack(said))
        while True:
            batch, _ = _read(frames)
            if batch is None:
                return
            try:
                head, body = worker.answer(batch["rows"])
            except Exception as e:  # noqa: BLE001 -- a mistake must not end the worker
                # Where, not what: the message may quote a text.
                where = traceback.format_tb(e.__traceback__)[-1].split("\n", 1)[0]
                head, body = {"mistake": type(e).__name__, "where": where.strip()}, b""
            head["batch"] = batch["batch"]
            link.sendall(pack(head, body))


def _read(frames: Any) -> tuple[Head | None, bytes]:
    prefix = frames.read(4)
    if not prefix:
        return None, b""
    content = frames.read(size_of(prefix))
    return unpack(content)


if __name__ == "__main__":
    with suppress(ConnectionError):  # whoever asked has ended
        serve(socket.socket(fileno=int(sys.argv[1])))

"""Documents to tokens, on all cores, in an order that does not depend on them."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from kiemtin.text.encode import END
from training.pretraining.corpus import Drawn
from training.pretraining.writing import Writer
from training.processes import end_with_parent

_CHUNK = 100
"""Documents that go to a process at once."""
_HERE = 30
"""Chunks that are done before other processes are started: a small corpus needs none."""
_AHEAD = 3
"""Chunks for each process that wait: the rest of the corpus stays on the disk."""

Ids = NDArray[np.uint16]
Tokens = tuple[str, Ids]
"""The source of a document, and its tokens with an end token."""


def write_documents(documents: Iterable[Drawn], writer: Writer) -> Iterator[str]:
    """Yield the documents as *writer* writes them, without those that it leaves out."""
    for _, text, _ in _spread(documents, _Task(writer, None)):
        if text:
            yield text


def encode_documents(
    documents: Iterable[Drawn], writer: Writer, tokenizer: Path
) -> Iterator[Tokens]:
    """Yield the tokens of the documents; no tokens of one that is left out."""
    for source, _, ids in _spread(documents, _Task(writer, tokenizer)):
        yield source, ids


_Done = tuple[str, str, Ids]
_NONE = np.zeros(0, np.uint16)


class _Task:
    """What is done to a chunk of documents."""

    def __init__(self, writer: Writer, tokenizer: Path | None) -> None:
        self._writer = writer
        self._path = tokenizer
        self._tokenizer: Tokenizer | None = None

    def __call__(self, chunk: list[Drawn]) -> list[_Done]:
        return [self._done(d.source, self._writer.write(d)) for d in chunk]

    def _done(self, source: str, text: str) -> _Done:
        if not text or not self._path:
            return source, text, _NONE
        if self._tokenizer is None:
            self._tokenizer = Tokenizer.from_file(str(self._path))
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids
        end = self._tokenizer.token_to_id(END)
        return source, "", np.array([*ids, end], np.uint16)


_task: _Task | None = None


def _receive(task: _Task) -> None:
    global _task  # noqa: PLW0603 -- a process is given its task once, not with each chunk
    _task = task
    end_with_parent()


def _perform(chunk: list[Drawn]) -> list[_Done]:
    assert _task is not None  # noqa: S101 -- every process received one
    return _task(chunk)


def _spread(documents: Iterable[Drawn], task: _Task) -> Iterator[_Done]:
    """Yield what *task* makes of the documents, in their order."""
    chunks = _chunks(documents)
    for chunk in islice(chunks, _HERE):
        yield from task(chunk)
    first = next(chunks, None)
    if first is None:
        return
    n_processes = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(
        n_processes, get_context("spawn"), initializer=_receive, initargs=(task,)
    ) as pool:
        # Executor.map would read the whole corpus before it gave anything back.
        waiting: deque[Future[list[_Done]]] = deque()
        for chunk in chain([first], chunks):
            waiting.append(pool.submit(_perform, chunk))
            if len(waiting) > _AHEAD * n_processes:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _chunks(documents: Iterable[Drawn]) -> Iterator[list[Drawn]]:
    left = iter(documents)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk

"""Score a file of any length in constant memory."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from rich.console import Console

from kiemtin.commands.lines import Refused, read_items
from kiemtin.commands.output import guarded_output
from kiemtin.commands.parallel import Batch, Crew
from kiemtin.commands.progress import tallied
from kiemtin.commands.replies import JsonWriter, TableWriter, Writer
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer


@dataclass(frozen=True, slots=True)
class Form:
    """
    How posts come and how replies go.

    Attributes:
        plain: The lines are posts, not JSON objects with posts.
        table: Replies are rows of a table, not JSON objects.
        reasons: Replies say which words moved a score.
        with_model: JSON replies say which model and policy made them.
        batch_size: How many posts are scored at a time.
    """

    plain: bool
    table: bool
    reasons: bool
    with_model: bool
    batch_size: int


def score_file(crew: Crew, file: BinaryIO, form: Form) -> int:
    """
    Score the posts in *file* onto standard output.

    Returns:
        How many of them could not be scored.

    Raises:
        FileUnreadableError: If the rest of the file cannot be read.
        OutputUnwritableError: If standard output takes no more.
    """
    writer = _writer(crew.scorer, form)
    watched = Console(stderr=True)
    # A table on the screen shows for itself how far it is.
    bar = watched.is_terminal and not (form.table and sys.stdout.isatty())
    with tallied(file, watched, bar=bar) as tally:
        items = read_items(file, plain=form.plain, explain=form.reasons)
        for replies in crew.replies(_batches(items, form.batch_size)):
            with guarded_output():
                writer.write(replies)
            tally.add(replies)
    return tally.n_failed


def _writer(scorer: Scorer, form: Form) -> Writer:
    if form.table:
        return TableWriter(Console(), scorer.policy, reasons=form.reasons)
    beside: dict[str, object] = {
        "model": scorer.model.model_dump(mode="json"),
        "policy_version": scorer.policy.version,
    }
    return JsonWriter(sys.stdout.buffer, beside if form.with_model else {})


def _batches(items: Iterator[Item | Refused], size: int) -> Iterator[Batch]:
    while batch := list(islice(items, size)):
        yield batch

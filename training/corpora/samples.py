"""Samples: rows of every label and of protected speech that we wrote ourselves."""

from itertools import chain
from pathlib import Path
from typing import Any

from kiemtin.labels import Label
from training.corpora.lines import read_lines
from training.corpora.row import Head, Reading, Row
from training.corpora.table import MalformedRecordError

NAME = "samples"
FOLDER = Path(__file__).parents[2] / "data" / "samples"
"""They come with the checkout, not with the wheel."""

FILES = (
    "unreliable.jsonl",
    "abusive.jsonl",
    "hate.jsonl",
    "scam.jsonl",
    "spam.jsonl",
    "benign.jsonl",
    "protected.jsonl",
)
KINDS = ("criticism", "opinion", "satire", "reporting")
"""Of protected speech."""


def read(folder: Path) -> Reading:
    """
    Read our files; a label that a row does not name is known to be absent.

    Raises:
        CorpusMissingError: If a file is not there.
    """
    return chain.from_iterable(read_lines(folder / name, _parse) for name in FILES)


def _parse(row_id: str, record: Any) -> Row:
    match record:
        case {"text": str(text), "labels": [], "kind": str(kind)} if kind in KINDS:
            return Row(
                NAME,
                row_id,
                text,
                Head.PROTECTED,
                source_label="benign",
                facets={"kind": kind},
            )
        case {"text": str(text), "labels": [*labels]} if "kind" not in record:
            known = {x: x in labels for x in Label}
            if set(labels) <= {str(x) for x in Label}:
                name = "+".join(x for x in Label if known[x]) or "benign"
                return Row(NAME, row_id, text, Head.EVERY, known, source_label=name)
    msg = "not an object with a text, and labels or the kind of protected speech"
    raise MalformedRecordError(msg)

"""On what terms weights may be used: those of the rows and of the encoder they come from."""

from collections.abc import Mapping
from dataclasses import dataclass

from training.corpora.sources import Permission, Source

_WHY = {
    Permission.REDISTRIBUTABLE: "",
    Permission.RESEARCH: "research only",
    Permission.UNSTATED: "no stated terms",
}
_OURS = "pretrain-"
_OF_THE_HUB = {
    "vinai/phobert-base": "MIT",
    "vinai/phobert-large": "MIT",
    "vinai/phobert-base-v2": "AGPL-3.0: whoever offers these weights over a network owes "
    "its users what that licence asks",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """
    Of one corpus that weights were trained on.

    Attributes:
        corpus: Its name.
        title: As its authors call it.
        rows: How many were learnt from.
        licence: As its authors state it.
        why: Why what was learnt from it may not be passed on freely; empty if it may.
    """

    corpus: str
    title: str
    rows: int
    licence: str
    why: str


def terms_of(rows: Mapping[str, int], sources: Mapping[str, Source]) -> list[Terms]:
    """Return the terms of each corpus in *rows*; one without a source states none."""
    return [
        _of(name, n, sources.get(name)) for name, n in sorted(rows.items()) if n > 0
    ]


def encoder_terms(name: str) -> str:
    """Return what is known of the licence of the encoder called *name*."""
    if name in _OF_THE_HUB:
        return _OF_THE_HUB[name]
    if name.startswith(_OURS):
        return "our own, pretrained from scratch by the recipe of that name"
    return "not known here: ask whoever made it"


def _of(name: str, n_rows: int, source: Source | None) -> Terms:
    if source is None:
        return Terms(name, name, n_rows, "not known here", _WHY[Permission.UNSTATED])
    return Terms(name, source.title, n_rows, source.licence, _WHY[source.permission])

"""How many appeals were right."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from serving.db import AnsweredAppeal
from serving.review.counting import Proportion
from serving.review.outcomes import PROTECTED

_BY_FACT = ("origin", "language", "queue")


@dataclass(frozen=True, slots=True)
class Overturns:
    """
    Appeals that were answered, and how many of them were granted.

    Attributes:
        overall: All of them.
        labels: By the labels of the decision; an appeal counts for each of them.
        slices: By ``outcome:``, ``origin:``, ``language:`` and ``queue:`` of the
            decision, and ``protected``: decisions on what is protected speech, by
            themselves or by what took their place.
    """

    overall: Proportion
    labels: dict[str, Proportion]
    slices: dict[str, Proportion]


def overturns_of(appeals: Sequence[AnsweredAppeal]) -> Overturns:
    """Count *appeals*."""
    return Overturns(
        Proportion.of(x.is_overturned for x in appeals),
        _by((label, x.is_overturned) for x in appeals for label in x.labels),
        _by((part, x.is_overturned) for x in appeals for part in _slices(x)),
    )


def _slices(appeal: AnsweredAppeal) -> list[str]:
    found = [f"outcome:{appeal.outcome}"]
    found += [f"{x}:{appeal.facts[x]}" for x in _BY_FACT if x in appeal.facts]
    if {appeal.outcome, appeal.next_outcome} & set(PROTECTED):
        found.append("protected")
    return found


def _by(answers: Iterable[tuple[str, bool]]) -> dict[str, Proportion]:
    found: dict[str, list[bool]] = defaultdict(list)
    for key, is_hit in answers:
        found[key].append(is_hit)
    return {key: Proportion.of(found[key]) for key in sorted(found)}

"""The sections of the audit in the order of the page, and all of them as one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from training.auditing import (
    conflicts,
    contents,
    copies,
    giveaways,
    label_errors,
    leaks,
    rates,
    terms,
    topics,
)
from training.auditing.pool import Finding, Section


class SectionFinding(Finding):
    """A finding, and the section where its figures are."""

    section: str


class Audit(Section):
    """Everything that is known of a pool."""

    version: Literal[1] = 1
    seed: int
    n_rows: int
    findings: tuple[SectionFinding, ...]
    """Worst first."""
    contents: contents.Contents
    copies: copies.Copies
    leaks: leaks.Leaks
    conflicts: conflicts.Conflicts
    rates: rates.Rates
    terms: terms.Terms
    topics: topics.Topics
    giveaways: giveaways.Giveaways
    label_errors: label_errors.LabelErrors


@dataclass(frozen=True, slots=True)
class Part:
    """How the section *name* of the audit is made, and what it says."""

    name: str
    title: str
    find: Callable[..., Section]
    say: Callable[[Any], list[Finding]]


PARTS = (
    Part(
        "contents",
        "What is in each corpus",
        contents.describe_contents,
        contents.findings,
    ),
    Part("copies", "Copies", copies.find_copies, copies.findings),
    Part("leaks", "Leaks", leaks.find_leaks, leaks.findings),
    Part(
        "conflicts",
        "Contradictions",
        conflicts.find_conflicts,
        conflicts.findings,
    ),
    Part("rates", "Label rates", rates.measure_rates, rates.findings),
    Part("terms", "Terms that carry a label", terms.find_terms, terms.findings),
    Part("topics", "Topics", topics.find_topics, topics.findings),
    Part("giveaways", "Giveaways", giveaways.find_giveaways, giveaways.findings),
    Part(
        "label_errors",
        "Likely label errors",
        label_errors.find_label_errors,
        label_errors.findings,
    ),
)
"""In the order of the page."""

"""Measure a challenger, and the champion beside it, on frozen rows."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from kiemtin.errors import BundleGoldenError
from kiemtin.goldens import check_goldens, read_goldens
from kiemtin.labels import Label
from kiemtin.manifest import RECIPE_FILE, REPORT_FILE
from kiemtin.scoring import Scorer
from training.corpora import Row
from training.evaluation.floor import score_floor
from training.evaluation.functional import run_functional
from training.evaluation.scored import Scored, flagged_shares, score_rows
from training.evaluation.slices import slices
from training.preparation.manifest import read_manifest
from training.promotion.evidence import Candidate, Evidence, Passed
from training.promotion.gaps import RANKING, Gap, measure_gap
from training.rows import Pool, load_pool
from training.splits import Split

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Measured:
    """A bundle with its scores on the rows of the test split."""

    candidate: Candidate
    test: Scored


def gather(
    challenger: tuple[str, Path],
    champion: tuple[str, Path] | None,
    data: Path,
    *,
    floors: Path,
    least_rows: int,
) -> Evidence:
    """
    Return the evidence for and against *challenger*.

    Args:
        challenger: Its version and the folder of its bundle.
        champion: The same of the champion, if there is one.
        data: What ``kiemtin data prepare`` made; its test split and the test half of
            its protected speech are measured on.
        floors: Where the scores of the floor are kept, which is asked for only where
            there is no champion; it learns from all rows that train.
        least_rows: A corpus with fewer does not count overall, nor against the floor.

    Raises:
        PreparedError: If there is no prepared set.
        BundleError: If a bundle cannot be loaded.
    """
    both = [challenger, champion] if champion else [challenger]
    corpora = _corpora([folder for _, folder in both], data)
    pool = load_pool(data, corpora)
    ours, *others = [_measure(version, folder, pool) for version, folder in both]
    theirs = others[0] if others else None
    return Evidence(
        data_digest=pool.digest,
        corpora=corpora,
        challenger=ours.candidate,
        champion=theirs.candidate if theirs else None,
        overall=measure_gap(ours.test, theirs.test, least_rows=least_rows)
        if theirs
        else None,
        slices=dict(_slice_gaps(ours.test, theirs.test)) if theirs else {},
        floor=None if theirs else _above_floor(ours.test, pool, floors, least_rows),
    )


def _corpora(folders: Sequence[Path], data: Path) -> tuple[str, ...]:
    """Return the prepared corpora that any bundle learnt from, in their own order."""
    named = {c for folder in folders for c in _named(folder)}
    prepared = read_manifest(data).rules.corpora
    return tuple(c for c in prepared if c in named) or prepared


def _named(folder: Path) -> list[str]:
    # Not read as a recipe of today: one that made an older bundle had other keys.
    recipe = tomllib.loads((folder / RECIPE_FILE).read_text(encoding="utf-8"))
    return list(recipe.get("corpora", []))


def _measure(version: str, folder: Path, pool: Pool) -> Measured:
    scorer = Scorer.load(folder, threads=0)
    log.info("measuring", version=version, digest=scorer.digest)
    test = score_rows(scorer, pool.rows[Split.TEST])
    protected = score_rows(scorer, pool.rows[Split.PROTECTED_TEST])
    flagged = flagged_shares(protected, test)
    report = json.loads((folder / REPORT_FILE).read_text(encoding="utf-8"))
    candidate = Candidate(
        version=version,
        digest=scorer.digest,
        data_digest=report.get("data_digest", ""),
        labels=scorer.manifest.labels,
        unproven=_unproven(folder, scorer, report),
        protected=flagged["protected_speech"]["any.flagged"],
        benign=flagged["other_benign"]["any.flagged"],
        functional={
            c.name: Passed(cases=c.cases, failed=tuple(c.failed))
            for c in run_functional(scorer)
        },
    )
    return Measured(candidate, test)


def _unproven(folder: Path, scorer: Scorer, report: Mapping[str, Any]) -> str:
    """Return what of a bundle's own promises does not hold, empty if all do."""
    tolerance = scorer.manifest.golden_tolerance
    try:
        check_goldens(scorer, read_goldens(folder))
    except BundleGoldenError as e:
        return str(e)
    export = report.get("export") or {}
    for taken in export.get("attempts", [])[-1:]:
        if taken.get("refused"):
            return f"its export was refused: {taken['refused']}"
    change = export.get("golden_change") or 0.0
    if change > tolerance:
        return f"its export changed a golden by {change}, {tolerance} is allowed"
    return ""


def _above_floor(ours: Scored, pool: Pool, floors: Path, least_rows: int) -> Gap | None:
    """Compare how posts are ranked: the floor's thresholds spare no protected speech."""
    floor = score_floor(pool, Split.TEST, cache=floors)
    return measure_gap(ours, floor, kinds=[RANKING], least_rows=least_rows)


def _slice_gaps(ours: Scored, theirs: Scored) -> Iterator[tuple[str, Gap]]:
    rows: Sequence[Row] = ours.rows
    for name, indexes in slices(rows).items():
        if gap := measure_gap(ours.pick(indexes), theirs.pick(indexes)):
            yield name, gap
    for label in Label:
        if gap := measure_gap(ours, theirs, only=label):
            yield f"label.{label}", gap

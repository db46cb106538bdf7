"""``kiemtin thresholds``: what other thresholds of a bundle would do, without doing it."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from kiemtin.manifest import REPORT_FILE
from kiemtin.scoring import Scorer
from training.calibrating.asking import Asked, asked_by
from training.calibrating.evidence import Evidence, benign_rows
from training.calibrating.outcome import Choice, foresee
from training.calibrating.rules import RULES
from training.calibrating.thresholds import choose
from training.calibrating.traffic import score_traffic
from training.evaluation.scored import score_rows
from training.rows import load_pool
from training.splits import Split

PRESENT = "present"
"""The name of the thresholds that a bundle has."""


class DryRun(BaseModel):
    """
    The present thresholds of a bundle beside others.

    Attributes:
        bundle: The digest of the bundle.
        data_digest: Of the prepared set.
        asked: The rule's figures and the bounds.
        dev_rows: On so many thresholds were chosen and precision and recall counted.
        positive_rows: So many of them carry a label.
        protected_rows: Of the dev half of protected speech.
        benign_rows: Dev rows of which every answer is no.
        traffic_posts: Posts of the user that shares are counted on; None if those are
            the dev rows.
        traffic_refused: Lines of the user's file that could not be scored.
        posts_a_day: So many are assumed.
        choices: The present thresholds first.
        notices: What these figures are not.
    """

    model_config = ConfigDict(frozen=True)

    bundle: str
    data_digest: str
    asked: dict[str, Any]
    dev_rows: int
    positive_rows: int
    protected_rows: int
    benign_rows: int
    traffic_posts: int | None
    traffic_refused: int
    posts_a_day: float
    choices: list[Choice]
    notices: list[str]


def dry_run(
    bundle: Path,
    *,
    data: Path,
    rule: str | None,
    changes: dict[str, Any],
    posts_a_day: float,
    traffic: Path | None,
) -> DryRun:
    """
    Return what the present thresholds of *bundle* do beside those of *rule*.

    Args:
        bundle: A folder that proves itself.
        data: What ``kiemtin data prepare`` made.
        rule: One of ``RULES``; by default each of them.
        changes: Keys of the recipe's thresholds that are other than there.
        posts_a_day: How many posts come in.
        traffic: Posts without labels, to count shares on; by default dev rows are.

    Raises:
        BundleError: If the bundle is not whole, or made for other code.
        RecipeError: If its recipe does not say how thresholds are chosen.
        PreparedError: If there is no prepared set, or a corpus is not in it.
        FileUnreadableError: If *traffic* cannot be read.
    """
    asked = asked_by(bundle, changes)
    scorer = Scorer.load(bundle, threads=0)
    pool = load_pool(data, asked.corpora, permission=asked.permission)
    dev = score_rows(scorer, pool.rows[Split.DEV])
    protected = score_rows(scorer, pool.rows[Split.PROTECTED_DEV])
    posts = score_traffic(scorer, traffic) if traffic else None
    evidence = Evidence(
        dev, protected, asked.assumed_negative, posts.scores if posts else dev.scores
    )
    choices = [foresee(PRESENT, scorer.policy.thresholds, evidence, posts_a_day)]
    for name in [rule] if rule else RULES:
        section = asked.thresholds.model_copy(update={"rule": name})
        chosen = choose(evidence, section)
        choices.append(foresee(name, chosen, evidence, posts_a_day))
    return DryRun(
        bundle=scorer.digest,
        data_digest=pool.digest,
        asked=_bounds(asked, rule),
        dev_rows=len(dev.rows),
        positive_rows=sum(any(r.labels.values()) for r in dev.rows),
        protected_rows=len(protected.rows),
        benign_rows=len(benign_rows(dev)),
        traffic_posts=len(posts.scores) if posts else None,
        traffic_refused=posts.refused if posts else 0,
        posts_a_day=posts_a_day,
        choices=choices,
        notices=_notices(evidence, pool.digest, bundle, from_traffic=posts is not None),
    )


def _bounds(asked: Asked, rule: str | None) -> dict[str, Any]:
    return asked.thresholds.model_dump() | {"rule": rule}


def _notices(
    evidence: Evidence, data_digest: str, bundle: Path, *, from_traffic: bool
) -> list[str]:
    rows = evidence.dev.rows
    carry = sum(any(r.labels.values()) for r in rows) / max(len(rows), 1)
    mix = (
        f"{100 * carry:.0f} % of the dev rows carry a label: they were collected for "
        "that, and are not what people post."
    )
    chosen_on = (
        "Thresholds other than the present ones were chosen on the very rows that they "
        "are counted on here: expect a little less."
    )
    if from_traffic:
        shares = "Shares are of your posts; precision and recall are of the dev rows."
    else:
        shares = (
            "All shares, and posts a day, are of the dev rows: give posts of yours by "
            "--traffic to know your own. Precision falls where fewer posts are bad."
        )
    found = [mix, shares, chosen_on]
    if _trained_on(bundle) != data_digest:
        found.append(
            "The bundle was made with another prepared set: some of these rows may have "
            "taught it, which flatters it."
        )
    return found


def _trained_on(bundle: Path) -> str | None:
    try:
        report = json.loads((bundle / REPORT_FILE).read_text(encoding="utf-8"))
        return str(report["data_digest"])
    except (ValueError, KeyError, TypeError):
        return None

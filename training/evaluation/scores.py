"""What one bundle says of each split, clean or written otherwise, each scored once."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from kiemtin.scoring import Scorer
from training.corpora.row import Row
from training.evaluation.scored import Scored, score_rows
from training.perturb import Half, perturb
from training.rows import Pool
from training.splits import Split

SEED = 4000
"""Other than any that augmentation draws with; its half of the lexicons is another too."""

CLEAN = "clean"

log = structlog.get_logger()


class Scores:
    """The scores of a bundle on the rows of a pool, made when they are asked for."""

    def __init__(self, scorer: Scorer, pool: Pool) -> None:
        self.scorer = scorer
        self.pool = pool
        self._kept: dict[tuple[Split, str], Scored] = {}

    def of(self, split: Split, perturbation: str = CLEAN) -> Scored:
        """
        Return the rows of *split* scored, perhaps changed by a *perturbation*.

        Raises:
            KeyError: If there is no perturbation of that name.
        """
        key = (split, perturbation)
        if key not in self._kept:
            log.info("scoring", split=str(split), text=perturbation)
            rows = changed(self.pool.rows[split], perturbation)
            self._kept[key] = score_rows(self.scorer, rows)
        return self._kept[key]


def changed(rows: Sequence[Row], perturbation: str) -> Sequence[Row]:
    """
    Return copies of *rows* with their texts changed by *perturbation*.

    They are written with the half of the lexicons that augmentation never uses.
    """
    if perturbation == CLEAN:
        return rows
    return [
        replace(r, text=perturb(perturbation, r.text, seed=SEED, half=Half.B))
        for r in rows
    ]

"""Rows with made-up scores, of which every figure can be told beforehand."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from kiemtin.labels import Label
from training.corpora.row import Head, Row
from training.evaluation.scored import Scored

MakeScored = Callable[..., Scored]

N_ROWS = 240
"""Of each corpus."""


@pytest.fixture(scope="session")
def make_scored() -> MakeScored:
    """Make rows of two corpora, scored with so much *noise* by a model of a *seed*."""
    return _make


@pytest.fixture(scope="session")
def scored() -> Scored:
    """The same, by a model that is right most of the time."""
    return _make(noise=0.35, seed=1)


def _make(noise: float, seed: int) -> Scored:
    rng = np.random.default_rng(seed)
    rows = [*_posts(), *_comments()]
    truth = np.array([[r.labels.get(x, False) for x in Label] for r in rows])
    scores = np.clip(0.2 + 0.5 * truth + noise * rng.normal(size=truth.shape), 0, 1)
    flags = scores >= 0.5
    flags[:, 2] &= flags[:, 1]
    return Scored(rows, scores.round(4), flags)


def _posts() -> list[Row]:
    start = datetime(2020, 2, 1, 12, tzinfo=UTC)
    texts = ("Thủ tướng nói về giá xăng hôm nay", "tin khan ve benh vien va virus")
    return [
        Row(
            "reintel",
            f"public_train:{i}",
            f"{texts[i % 2]} {i} " + "và còn nữa " * (i % 30),
            Head.RELIABILITY,
            {Label.UNRELIABLE: i % 4 == 0},
            time=start + timedelta(days=i % 60),
        )
        for i in range(N_ROWS)
    ]


def _comments() -> list[Row]:
    return [
        Row(
            "vihsd",
            f"train:{i}",
            f"bộ phim này hay quá {i}" if i % 3 else f"mày ngu {i}",
            Head.HARM,
            {Label.ABUSIVE: i % 3 == 0, Label.HATE: i % 6 == 0},
        )
        for i in range(N_ROWS)
    ]

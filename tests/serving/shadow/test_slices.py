"""Kinds of posts, told by what is said of them."""

import pytest

from kiemtin.labels import Label, Recommendation
from kiemtin.schemas import NOT_VIETNAMESE, ScoreOut, TextStateOut
from serving.shadow.slices import Slice, slices_of


def score_object(
    *,
    score: float = 0.1,
    flagged: bool = False,
    abstain: str = "",
    tokens: int = 20,
    windows: int = 1,
    diacritic_ratio: float = 0.8,
) -> ScoreOut:
    """Return what somebody says of a post, the same for all labels."""
    return ScoreOut(
        id="a",
        scores=dict.fromkeys(Label, score),
        flagged=dict.fromkeys(Label, flagged),
        recommendation=Recommendation.REVIEW if flagged else Recommendation.NONE,
        abstain=dict.fromkeys(Label, abstain) if abstain else {},
        reasons=[],
        text_state=TextStateOut(
            truncated=False,
            windows=windows,
            windows_left_out=0,
            tokens=tokens,
            diacritic_ratio=diacritic_ratio,
            normalizations={},
        ),
    )


@pytest.mark.parametrize(
    ("score", "slices"),
    [
        (score_object(), {Slice.UNFLAGGED}),
        (score_object(flagged=True), set()),
        (score_object(flagged=True, tokens=7), {Slice.SHORT}),
        (score_object(flagged=True, tokens=8), set()),
        (score_object(flagged=True, windows=2), {Slice.LONG}),
        (score_object(flagged=True, diacritic_ratio=0.19), {Slice.WITHOUT_DIACRITICS}),
        (
            score_object(abstain=NOT_VIETNAMESE, diacritic_ratio=0),
            {Slice.NOT_VIETNAMESE, Slice.UNFLAGGED},
        ),
        (score_object(flagged=True, abstain="uncertain"), set()),
    ],
)
def test_slices(score: ScoreOut, slices: set[Slice]) -> None:
    """Every post is in ``all``, and in what else it is."""
    assert set(slices_of(score)) == {Slice.ALL, *slices}

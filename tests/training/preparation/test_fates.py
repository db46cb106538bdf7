"""Of equal texts one is learnt from, if those who read them agree."""

from hypothesis import given
from hypothesis import strategies as st

from training.corpora import Head, Row
from training.preparation.fates import Fate, count_conflicts, settle
from training.splits import Split

TRAIN = Split.TRAIN


def _rows(*classes: str, corpus: str = "vihsd") -> list[Row]:
    return [
        Row(corpus, f"train:{i}", "", Head.HARM, source_label=c)
        for i, c in enumerate(classes)
    ]


def _settle(rows: list[Row], equal: list[int], split: Split = TRAIN) -> list[object]:
    return list(settle(rows, range(len(rows)), equal, [split] * len(rows)))


def test_majority_wins_and_its_first_row_stays() -> None:
    """Two against one: the one is outvoted, and of the two one is enough."""
    fates = _settle(_rows("0", "1", "1", "0"), [0, 0, 0, 3])

    assert fates == [Fate.OUTVOTED, None, Fate.COPY, None]


def test_tie_is_left_out() -> None:
    """Where as many say yes as no, nobody knows, and nothing is learnt."""
    fates = _settle(_rows("1", "0", "0"), [0, 0, 2])

    assert fates == [Fate.TIED, Fate.TIED, None]


def test_corpora_are_not_set_against_one_another() -> None:
    """What is offensive to one corpus may be clean to another: both stay."""
    rows = [*_rows("1"), *_rows("0", corpus="victsd")]

    assert _settle(rows, [0, 0]) == [None, None]


def test_what_is_measured_keeps_its_noise() -> None:
    """Dev and test are what annotators made them, copies and contradictions too."""
    assert _settle(_rows("1", "0", "0"), [0, 0, 0], Split.TEST) == [None] * 3


def test_held_out_row_says_why() -> None:
    """A copy of protected speech is told from a row that would tie splits together."""
    rows = [*_rows("1", "1"), Row("samples", "p:1", "", Head.PROTECTED)]
    splits = [Split.HELD_OUT, Split.HELD_OUT, Split.PROTECTED_DEV]

    assert settle(rows, [0, 1, 0], [0, 1, 2], splits) == [
        Fate.PROTECTED_COPY,
        Fate.CROSSES,
        None,
    ]


@given(st.lists(st.tuples(st.sampled_from("012"), st.integers(0, 4)), max_size=30))
def test_one_row_at_most_stays_of_each_text(found: list[tuple[str, int]]) -> None:
    """However texts and classes fall, no text is learnt twice, and none with a minority."""
    rows = _rows(*[c for c, _ in found])
    texts = [t for _, t in found]

    fates = _settle(rows, texts)

    for text in set(texts):
        classes = [c for c, t in found if t == text]
        kept = [
            r.source_label
            for r, t, f in zip(rows, texts, fates, strict=True)
            if t == text and f is None
        ]
        most = max(map(classes.count, classes))
        winners = {c for c in classes if classes.count(c) == most}
        assert kept == (sorted(winners) if len(winners) == 1 else [])


def test_conflicts_are_counted_by_corpus() -> None:
    """A group counts once for each corpus in which its rows have several classes."""
    rows = [*_rows("0", "1", "1", "1"), *_rows("0", "1", corpus="victsd")]

    assert count_conflicts(rows, [0, 0, 0, 3, 0, 1]) == {"vihsd": 1, "victsd": 0}

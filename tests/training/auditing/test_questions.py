"""Each corpus is asked one question, and each of its rows has an answer."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.labels import Label
from tests.fixtures.planted import harm_row, null_rows, pool_of
from training.auditing.questions import ask, classes_of, once, rate_of
from training.corpora.row import Head, Row


@pytest.mark.parametrize(
    ("label", "yes", "no"),
    [
        (
            "abusive",
            Row("a", "f:1", "x", Head.HARM, {Label.ABUSIVE: True}),
            Row("a", "f:1", "x", Head.HARM, {Label.ABUSIVE: False}),
        ),
        (
            "unreliable",
            Row("a", "f:1", "x", Head.RELIABILITY, {Label.UNRELIABLE: True}),
            Row("a", "f:1", "x", Head.RELIABILITY, {Label.UNRELIABLE: False}),
        ),
        (
            "highlighted",
            Row("a", "f:1", "x", Head.HIGHLIGHTS, spans=((0, 1),)),
            Row("a", "f:1", "x", Head.HIGHLIGHTS),
        ),
        (
            "offended",
            Row("a", "f:1", "x", Head.TARGETS, targets={"politics": 2, "groups": 0}),
            Row("a", "f:1", "x", Head.TARGETS, targets={"politics": 1, "groups": 0}),
        ),
        (
            "refuted",
            Row("a", "f:1", "x", Head.CLAIM, source_label="1", evidence="y"),
            Row("a", "f:1", "x", Head.CLAIM, source_label="2", evidence="y"),
        ),
    ],
)
def test_each_head_has_its_question(label: str, yes: Row, no: Row) -> None:
    """What counts as yes is what annotators of that head found wrong."""
    rows = [replace((no, no, yes)[i % 3], text=f"số {i}") for i in range(300)]

    (question,), skipped = ask(pool_of(rows))

    assert (question.label, question.truth[:3].tolist()) == (
        label,
        [False, False, True],
    )
    assert skipped == ()


def test_few_rows_are_not_asked() -> None:
    """A corpus that is too small is skipped, and the reason says how small it is."""
    questions, (skipped,) = ask(pool_of(null_rows(n=60, rate=0.5)))

    assert questions == ()
    assert skipped.reason.startswith("60 distinct rows")


def test_copies_do_not_make_a_corpus_large() -> None:
    """Three hundred copies of a few messages are a few messages."""
    rows = [harm_row(i, f"tin {i % 9}", abusive=i % 2 == 0) for i in range(300)]

    assert ask(pool_of(rows))[0] == ()


@pytest.mark.parametrize("head", [Head.PROTECTED, Head.EVERY])
def test_chosen_rows_are_not_asked(head: Head) -> None:
    """The rate of rows that were picked for what they are says nothing."""
    rows = [replace(r, head=head) for r in null_rows()]

    assert [s.reason for s in ask(pool_of(rows))[1]] == [
        "no row has a label to ask for"
    ]


def test_copies_are_counted_once() -> None:
    """Of a cluster one row stays, or two where copies contradict one another."""
    rows = null_rows(n=300)
    clusters = [*range(297), 0, 0, 0]
    pool = pool_of(rows, clusters)
    (question,), _ = ask(pool)

    kept = once(pool, question).rows

    answers = {bool(question.truth[i]) for i in (0, 297, 298, 299)}
    assert len(kept) == 296 + len(answers)


def test_rare_class_is_not_told_apart() -> None:
    """A class of few rows is asked for together with the other kinds of yes."""
    rows = null_rows(n=600)
    few = [replace(r, source_label="2") if i < 5 else r for i, r in enumerate(rows)]
    pool, rare = pool_of(rows), pool_of(few)

    assert set(classes_of(pool, ask(pool)[0][0])) == {"0", "1"}
    assert set(classes_of(rare, ask(rare)[0][0])) == {"abusive", "not abusive"}


@given(st.lists(st.booleans(), min_size=1, max_size=80))
def test_interval_holds_the_rate(answers: list[bool]) -> None:
    """A rate lies in its interval, which lies between nought and one."""
    rate = rate_of(np.array(answers))

    assert 0 <= rate.low <= rate.rate <= rate.high <= 1
    assert rate.n == len(answers)


def test_interval_is_wilsons() -> None:
    """Ten of a hundred: 5.5 to 17.4 %, as in the tables."""
    rate = rate_of(np.arange(100) < 10)

    assert (round(rate.low, 3), round(rate.high, 3)) == (0.055, 0.174)

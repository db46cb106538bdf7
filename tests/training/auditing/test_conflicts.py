"""Equal texts with different classes are counted, within a corpus and across."""

from kiemtin.labels import Label
from tests.fixtures.published import published_corpora
from tests.training.auditing.conftest import MakePool, MakeRow
from training.auditing.conflicts import find_conflicts, findings
from training.auditing.pool import Audited, Severity
from training.corpora import read_corpus
from training.corpora.row import Head, Row
from training.pool import equal_texts


def test_pairs_of_classes(make_pool: MakePool, make_row: MakeRow) -> None:
    """A group counts once, and once for each pair of classes in it."""
    rows = [make_row("a", c) for c in "0012"] + [make_row("b", c) for c in "00"]
    rows += [make_row("b!", "1"), make_row("c", "2")]

    (found,) = find_conflicts(make_pool(rows), seed=0).within

    assert (found.equal.n_groups, found.equal.n_contradicting) == (2, 1)
    assert found.equal.n_rows == 4
    assert found.equal.pairs == {"0 and 1": 1, "0 and 2": 1, "1 and 2": 1}
    assert (found.near.n_groups, found.near.n_contradicting) == (2, 2)


def test_corpora_do_not_contradict_one_another(
    make_pool: MakePool, make_row: MakeRow
) -> None:
    """A class of one corpus says nothing of a class of another."""
    rows = [make_row("a", "0", corpus="one"), make_row("a", "1", corpus="two")]

    section = find_conflicts(make_pool(rows), seed=0)

    assert [c.equal.n_contradicting for c in section.within] == [0, 0]


def test_a_claim_is_judged_by_its_evidence(
    make_pool: MakePool, make_row: MakeRow
) -> None:
    """One statement may be true by one article and false by another."""
    rows = [
        make_row("a", "0", head=Head.CLAIM, labels={}, evidence="x"),
        make_row("a", "1", head=Head.CLAIM, labels={}, evidence="y"),
        make_row("a", "2", head=Head.CLAIM, labels={}, evidence="y"),
    ]

    (found,) = find_conflicts(make_pool(rows), seed=0).within

    assert found.equal.pairs == {"1 and 2": 1}


def test_what_two_corpora_say_of_one_text(
    make_pool: MakePool, make_row: MakeRow
) -> None:
    """Texts that one corpus marks and the other does not are counted by direction."""
    texts = [str(i) for i in range(200)]
    rows = [make_row(t, "1", corpus="one") for t in texts]
    rows += [
        make_row(t, "", corpus="two", head=Head.HIGHLIGHTS, spans=((0, 1),) * (i >= 30))
        for i, t in enumerate(texts)
    ]
    section = find_conflicts(make_pool(rows), seed=0)

    (found,) = section.across

    assert (found.n_texts, found.n_marked_in_first_only) == (200, 30)
    assert found.n_marked_in_second_only == 0
    assert [(f.severity, f.corpus) for f in findings(section)] == [
        (Severity.WARN, "one")
    ]


def test_a_tie_says_nothing_across(make_pool: MakePool, make_row: MakeRow) -> None:
    """A text that a corpus marks as often as not is not held against another's."""
    rows = [make_row("a", c, corpus="one") for c in "01"]
    rows.append(make_row("a", "1", corpus="two"))

    assert find_conflicts(make_pool(rows), seed=0).across == ()


def test_spam_is_no_harm(make_pool: MakePool, make_row: MakeRow) -> None:
    """Corpora that ask different questions cannot disagree."""
    rows = [
        make_row("a", "0", corpus="one"),
        make_row("a", "1", corpus="two", head=Head.SPAM, labels={Label.SPAM: True}),
    ]

    assert find_conflicts(make_pool(rows), seed=0).across == ()


def test_what_the_rules_make_of_it(make_pool: MakePool, make_row: MakeRow) -> None:
    """Rows that train are left out for a reason each; those that test all stay."""
    rows = [make_row("a", c) for c in "001"] + [make_row("b", c) for c in "01"]
    rows += [make_row("c", c) for c in "01"]
    splits = ["train"] * 5 + ["test"] * 2

    (settled,) = find_conflicts(make_pool(rows, splits), seed=0).settled

    assert settled.n_stay == 3
    assert settled.left_out == {"copy": 1, "outvoted": 1, "tied": 2}


def test_no_conflict_no_finding(make_pool: MakePool, make_row: MakeRow) -> None:
    """Copies of one class are no contradiction."""
    rows = [make_row("a", "1") for _ in range(5)]

    assert findings(find_conflicts(make_pool(rows), seed=0)) == []


def test_vihsd_as_published() -> None:
    """ViHSD is found to contradict itself in more than a hundred groups."""
    root = published_corpora()
    rows = [r for r in read_corpus("vihsd", root) if isinstance(r, Row)]
    equal = equal_texts([r.text for r in rows])

    section = find_conflicts(
        Audited(rows, [], equal, equal, ["train"] * len(rows)), seed=0
    )

    assert section.within[0].equal.n_contradicting > 100
    assert [f.severity for f in findings(section)] == [Severity.WARN]

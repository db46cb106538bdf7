"""What annotators marked is told from what merely stands beside it."""

from dataclasses import replace

import pytest

from tests.fixtures.planted import marked_rows, pool_of
from training.auditing.highlights import MIN_SEEN, highlighted_shares
from training.corpora.row import Head, Row


def _marked(i: int, text: str, *spans: tuple[int, int]) -> Row:
    return Row("vihos", f"train:{i}", text, Head.HIGHLIGHTS, spans=spans)


def test_share_is_of_places() -> None:
    """A word that is marked in three of six places has a half."""
    rows = [_marked(i, f"Đồ ngu {i}", *([(3, 6)] if i < 3 else [])) for i in range(6)]

    shares = highlighted_shares(pool_of(rows))

    assert (shares["ngu"], shares["đồ"]) == (0.5, 0.0)


def test_pair_is_marked_if_a_word_of_it_is() -> None:
    """A pair with an insult in it is no topic."""
    rows = [_marked(i, f"như chó {i}", (4, 7)) for i in range(6)]

    assert highlighted_shares(pool_of(rows))["như chó"] == 1.0


def test_word_is_marked_by_half_of_it() -> None:
    """A span that only touches a word does not mark it."""
    rows = [_marked(i, f"chính quyền {i}", (0, 3), (6, 7)) for i in range(6)]

    shares = highlighted_shares(pool_of(rows))

    assert (shares["chính"], shares["quyền"]) == (1.0, 0.0)


def test_copies_and_rare_words_say_nothing() -> None:
    """Ten copies are one place, and of a few places nothing is said."""
    copies = [_marked(i, "đồ ngu", (3, 6)) for i in range(10)]
    rare = [_marked(i, f"tồi {i}", (0, 3)) for i in range(MIN_SEEN - 1)]

    assert highlighted_shares(pool_of([*copies, *rare])) == {}


@pytest.mark.parametrize("head", [Head.HARM, Head.TARGETS])
def test_only_highlights_are_looked_at(head: Head) -> None:
    """Rows that nobody marked are not taken for rows without a mark."""
    rows = [replace(r, head=head) for r in marked_rows()]

    assert highlighted_shares(pool_of(rows)) == {}

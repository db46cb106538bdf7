"""Cursors come back as they went, and others are refused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.cursors import read_number, read_place, write_cursor
from serving.errors import InvalidFieldError

MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2900, 1, 1))  # noqa: DTZ001 -- the zone comes below


@given(MOMENTS, st.from_regex(r"[a-z]{2,4}_[0-9a-f]{32}", fullmatch=True))
def test_a_place_comes_back(at: datetime, item_id: str) -> None:
    """What a page ended with is where the next one begins, to the microsecond."""
    place = (at.replace(tzinfo=UTC), item_id)
    assert read_place(write_cursor(*place)) == place


@given(st.integers(0, 10**15))
def test_a_number_comes_back(number: int) -> None:
    """So does a position."""
    assert read_number(write_cursor(number)) == number


@pytest.mark.parametrize(
    "cursor",
    [
        "", "!", "AAAA", "bnVsbA", "W10", write_cursor("a"), write_cursor("a", "b"),
        write_cursor(1, "b"), write_cursor("2026-01-01T00:00:00+00:00", "b", "c"),
        write_cursor("2026-01-01T00:00:00+00:00", 1), "é" * 9, "A" * 100_000, write_cursor(2**63), write_cursor(-1),
        write_cursor("2026-01-01T00:00:00+00:00", "a\0"), write_cursor("0001-01-01T00:00:00+14:00", "a"),
    ],
)  # fmt: skip
def test_what_is_no_cursor(cursor: str) -> None:
    """Whatever was made up is refused, not guessed at."""
    for read in (read_place, read_number):
        with pytest.raises(InvalidFieldError):
            read(cursor)


def test_the_zone_does_not_matter() -> None:
    """A place is the same moment in every zone."""
    at = datetime(2026, 1, 2, tzinfo=UTC)
    later = at.astimezone(tz=None) + timedelta(0)
    assert read_place(write_cursor(later, "a"))[0] == at

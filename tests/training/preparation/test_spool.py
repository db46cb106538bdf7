"""Texts wait on disk; what waits in memory has none."""

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kiemtin.labels import Label
from training.corpora import Head, Row
from training.preparation.schema import READ_SCHEMA, record_of, row_of
from training.preparation.spool import Spooled, spool

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
rows = st.builds(
    Row,
    st.just("vihsd"),
    st.integers(0, 99).map("train:{}".format),
    texts,
    st.sampled_from(Head),
    st.dictionaries(st.sampled_from(Label), st.booleans()),
    groups=st.dictionaries(st.sampled_from(["title", "url", "premise"]), texts),
    time=st.none() | st.just(datetime(2020, 3, 9, 0, 32, 9, tzinfo=UTC)),
    evidence=st.none() | texts,
    spans=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))).map(tuple),
    targets=st.dictionaries(st.just("politics"), st.integers(0, 3)),
)


@given(rows)
def test_row_survives_its_columns(row: Row) -> None:
    """A row that was made columns and a row again is the same row."""
    record = record_of(row)

    assert list(record) == READ_SCHEMA.names
    assert row_of(record) == row


def test_texts_are_on_disk_only(tmp_path: Path) -> None:
    """What is kept of a row in memory does not grow with its text."""
    many = [
        Row("vihsd", f"train:{i}", f"chào {i} " * 50, Head.HARM, evidence="a" * i)
        for i in range(5000)
    ]

    light = spool(iter(many), tmp_path / "rows.arrow")

    assert {(r.text, r.evidence) for r in light} == {("", None)}
    assert [r.key for r in light] == [r.key for r in many]
    spooled = Spooled(tmp_path / "rows.arrow")
    found, wholes = spooled.texts(), spooled.wholes()
    assert (len(found), found[4321], found[0]) == (
        5000,
        many[4321].text,
        many[0].text,
    )
    assert wholes[3] == f"{many[3].text}\naaa"

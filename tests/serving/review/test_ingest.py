"""Posts come in: what is known is not taken twice, and reports are never lost."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiemtin.errors import EmptyTextError
from serving.db import Database
from serving.errors import DeadlineError, PostDiffersError
from serving.review.drafts import Accepted, Judged, Report, prepare
from serving.review.ingest import ingest, opened, unscored
from serving.review.outcomes import Origin
from tests.fixtures.arriving import (
    BENIGN,
    KEYED,
    NOW,
    POLICY,
    SCAM,
    TEXT,
    Door,
    draft,
    judged,
    never,
)


@pytest.fixture
def door(database: Database) -> Door:
    """A way into an empty database of each kind."""
    database.migrate()
    return Door(database)


def _count(door: Door, table: str) -> int:
    (row,) = door.rows(f"SELECT count(*) AS n FROM {table}")  # noqa: S608
    return int(row["n"])


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.integers(1, 3), st.sampled_from([SCAM, BENIGN]), st.integers(0, 4))
def test_a_repeat_changes_nothing(
    door: Door, n_again: int, said: Judged, n_reports: int
) -> None:
    """However often a post is sent, it is there once, with its reports once."""
    reports = [Report("scam", note="lừa")] * n_reports
    post = draft(TEXT, reports=reports, author_id="a")
    first = door.send(post, said)
    state = door.rows("SELECT * FROM cases ORDER BY id")
    tables = {x: _count(door, x) for x in ("posts", "reports", "clusters")}

    again = [door.send(post, None) for _ in range(n_again)]

    assert {x.post_id for x in again} == {first.post_id}
    assert {x.case_id for x in again} == {first.case_id}
    assert all(x.is_repeat and not x.n_reports_added for x in again)
    assert first.n_reports_added == n_reports
    assert door.rows("SELECT * FROM cases ORDER BY id") == state
    assert {x: _count(door, x) for x in tables} == tables


def test_what_is_stored_of_a_post(door: Door) -> None:
    """All that a reviewer needs is there, and of the author only a digest."""
    at = datetime(2026, 11, 20, tzinfo=UTC)
    post = draft(
        "đồ\0 ngu " + TEXT,
        author_id="nguyen.van.a",
        context={"title": "Tin\0"},
        permalink="https://fb.example/1",
        posted_at=at,
        reports=[Report("hate", id="r1", note="xấu")],
    )

    accepted = door.send(post)

    (row,) = door.rows("SELECT * FROM posts")
    assert row["id"] == accepted.post_id
    assert row["text"] == post.text.replace("\0", "\ufffd")
    assert row["author"] == KEYED.author("fb", "nguyen.van.a")
    assert row["text_digest"] == KEYED.text(post.text)
    assert (row["language"], row["case_id"]) == ("vi", accepted.case_id)
    assert "nguyen" not in str(dict(row))
    (report,) = door.rows("SELECT * FROM reports")
    assert (report["external_id"], report["reason"], report["note"]) == (
        "r1",
        "hate",
        "xấu",
    )


def test_another_text_under_the_same_key(door: Door) -> None:
    """It is refused alone, and what was stored stays; another revision is another post."""
    post = draft(TEXT, external_id="1")
    edited = draft(TEXT + " sửa", external_id="1")
    revised = draft(TEXT + " sửa", external_id="1", revision="2")
    door.send(post)

    results = door.send_all([edited, revised])

    assert isinstance(results[0], PostDiffersError)
    assert "sửa" not in str(results[0])
    assert isinstance(results[1], Accepted)
    assert _count(door, "posts") == 2


def test_the_same_key_twice_in_one_batch(door: Door) -> None:
    """The first counts; an equal one repeats it, another text differs."""
    one, other = draft(TEXT, external_id="1"), draft("khác", external_id="1")

    results = door.send_all([one, one, other], [SCAM, None, SCAM])

    assert [getattr(x, "is_repeat", None) for x in results] == [False, True, None]
    assert isinstance(results[2], PostDiffersError)


def test_what_cannot_be_scored_is_not_stored(door: Door) -> None:
    """It fails alone, with its own reason."""
    empty = EmptyTextError("nothing")

    results = door.send_all([draft("\u200b"), draft()], [empty, SCAM])

    assert results[0] is empty
    assert _count(door, "posts") == 1


def test_what_was_forgotten_between_is_sent_again(door: Door) -> None:
    """A post that seemed known, and is not any more, is no silent success."""
    (result,) = door.send_all([draft()], [None])

    assert isinstance(result, DeadlineError)


def test_reports_open_a_case(door: Door) -> None:
    """A post that the model let pass is looked at once enough users report it."""
    post = draft(TEXT, external_id="1")
    first = door.send(post, BENIGN)
    cases = []
    for i in range(5):
        again = draft(TEXT, external_id="1", reports=[Report("scam", id=f"r{i}")])
        cases.append(door.send(again, None))

    assert first.case_id is None
    assert [x.opened for x in cases] == [False, False, True, False, False]
    (case,) = door.rows("SELECT * FROM cases")
    assert (case["n_posts"], case["n_reports"], case["origin"]) == (1, 5, "pipeline")
    assert "user_report" in str(case["clocks"])
    assert case["id"] == cases[-1].case_id


def test_a_report_counts_once(door: Door) -> None:
    """One user who presses a button ten times is one report."""
    reports = [Report("scam", id="r1")] * 10

    accepted = door.send(draft(reports=reports), BENIGN)

    assert (accepted.n_reports_added, accepted.case_id) == (1, None)


def test_an_authority_asks_for_a_post_that_is_there(door: Door) -> None:
    """The request is not lost: it opens a case, with its clock, and counts once."""
    door.send(draft(TEXT, external_id="1"), BENIGN)
    asked = draft(TEXT, external_id="1", origin=Origin.AUTHORITY)

    found = [door.send(asked, None) for _ in range(3)]

    assert [x.opened for x in found] == [True, False, False]
    (case,) = door.rows("SELECT origin, clocks, origins, n_posts FROM cases")
    assert (case["origin"], case["n_posts"]) == ("pipeline", 1)
    assert "authority" in str(case["clocks"])
    assert str(case["origins"]).replace('"', "'") == "{'pipeline': 1, 'authority': 1}"


def test_what_need_not_be_scored(door: Door) -> None:
    """Neither what is known, nor one post twice; another text under one key is."""
    known, new = draft(TEXT, external_id="1"), draft(TEXT, external_id="2")
    door.send(known)
    prepared = prepare(KEYED, [known, new, new, draft("khác", external_id="2")], never)

    with door.database.session() as session:
        assert unscored(session, prepared) == [1, 3]


def test_which_posts_will_be_looked_at(door: Door) -> None:
    """Copies of a case are not; nor is anything written."""
    door.send(draft(TEXT))
    others = [draft(f"Tin {x} " + " ".join(x * i for i in range(1, 12))) for x in "ab"]
    drafts = [draft(TEXT), others[0], others[0], others[1]]
    prepared = prepare(KEYED, drafts, never)

    with door.database.session() as session:
        found = opened(session, POLICY, prepared, [SCAM, SCAM, None, BENIGN])

    assert found == [1]
    assert _count(door, "posts") == 1


def test_reasons_come_late_for_a_known_post(door: Door) -> None:
    """A case that reports opened says which words moved the score, too."""
    post = draft(TEXT, external_id="1")
    door.send(post, BENIGN)
    again = draft(TEXT, external_id="1", reports=[Report("a", id=x) for x in "abc"])
    why = [{"label": "scam", "start": 0, "end": 4, "text": "Ngân", "weight": 0.1}]

    door.send(again, judged(reasons=why))

    (row,) = door.rows("SELECT reasons FROM posts")
    assert "Ngân" in str(row["reasons"]).encode().decode(
        "unicode_escape"
    ) or "Ng" in str(row["reasons"])


def test_one_post_sent_by_many_at_once(door: Door) -> None:
    """The natural key holds: one post, one case, whoever was first."""
    post = draft("ngắn thôi", external_id="1")
    start = threading.Barrier(6)
    ids = []

    def send() -> None:
        start.wait()
        with door.database.work("system") as work:
            (result,) = ingest(work, POLICY, KEYED, [post], [SCAM], draw=never)
            work.commit()
        assert isinstance(result, Accepted)
        ids.append(result.post_id)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for x in threads:
        x.start()
    for x in threads:
        x.join()

    assert len(ids) == 6
    assert len(set(ids)) == 1
    assert (_count(door, "posts"), _count(door, "cases")) == (1, 1)


def test_a_full_batch_is_written_at_once(door: Door) -> None:
    """256 posts of all kinds end in the rows that they should."""
    texts = [f"{TEXT} " + f"{chr(97 + i % 20)} " * 30 for i in range(256)]
    drafts = [
        draft(x, posted_at=NOW - timedelta(days=i % 5)) for i, x in enumerate(texts)
    ]

    results = door.send_all(drafts, SCAM)

    assert len({x.post_id for x in results if isinstance(x, Accepted)}) == 256
    (row,) = door.rows("SELECT sum(n_posts) AS n, count(*) AS k FROM cases")
    assert row["n"] == 256
    assert row["k"] == _count(door, "clusters")

"""What retention forgets, and what of it stays."""

from datetime import timedelta
from typing import Any

import pytest

from serving.db import Audit, Database, Posts
from serving.retention import purge
from serving.review import forgetting
from serving.review.drafts import Report
from tests.fixtures.arriving import BENIGN, NOW, TEXT, Door, draft

LATER = NOW + timedelta(days=31)


@pytest.fixture
def door(database: Database) -> Door:
    """A way into an empty database of each kind."""
    database.migrate()
    return Door(database)


def _full(**fields: Any) -> Any:
    return draft(
        TEXT,
        author_id="a",
        context={"title": "Tin"},
        permalink="https://fb.example/1",
        reports=[Report("scam", note="của tôi")],
        **fields,
    )


def _purge(door: Door) -> int:
    return purge(door.database, retention_days=30, now=LATER)


def test_a_post_in_no_case_is_gone(door: Door) -> None:
    """It is deleted, with what was reported of it, and its id is not found any more."""
    accepted = door.send(_full(), BENIGN)

    assert _purge(door) == 1

    assert door.rows("SELECT * FROM reports") == []
    with door.database.session() as session:
        assert Posts(session).get(accepted.post_id) is None


def test_a_post_in_a_case_loses_its_text(door: Door) -> None:
    """The row, its scores and its case stay; nothing says what it was, or whose."""
    accepted = door.send(_full())
    with door.database.work("system") as work:
        work.session.connection().exec_driver_sql("UPDATE cases SET state = 'decided'")
        work.commit()

    assert _purge(door) == 1

    (row,) = door.rows("SELECT * FROM posts")
    assert row["text"] == ""
    for x in ("author", "reasons", "context", "permalink"):
        assert row[x] is None
    assert row["forgotten_at"] is not None
    assert door.rows("SELECT note, reason FROM reports") == [
        {"note": None, "reason": "scam"}
    ]
    (case,) = door.rows("SELECT author, state, version FROM cases")
    assert (case["author"], case["version"]) == (None, 1)
    with door.database.session() as session:
        post = Posts(session).get(accepted.post_id)
    assert post is not None
    assert (post.text, post.forgotten, post.state) == (None, True, "decided")
    assert post.scores["scam"] == 0.9


def test_a_case_that_nobody_decided_is_closed(door: Door) -> None:
    """It does not wait for ever: it ends without a decision, and the log says so."""
    case_id = door.send(_full()).case_id
    assert case_id is not None

    _purge(door)

    (case,) = door.rows("SELECT state, decision_id, version FROM cases")
    assert (case["state"], case["decision_id"], case["version"]) == ("decided", None, 2)
    with door.database.session() as session:
        (entry,) = Audit(session).of(case_id)
        (forgot,) = Audit(session).of("posts")
    assert (entry.act.actor, entry.act.action) == ("system", "case.forget")
    assert (forgot.act.action, forgot.act.detail) == ("posts.forget", {"n": 1})


def test_a_younger_copy_takes_its_place(door: Door) -> None:
    """An open case is about a copy whose text is still there."""
    first = door.send(_full())
    door.now = NOW + timedelta(days=10)
    copy = door.send(_full())
    assert copy.case_id == first.case_id

    assert _purge(door) == 1

    (case,) = door.rows("SELECT state, post_id, n_posts FROM cases")
    assert dict(case) == {"state": "open", "post_id": copy.post_id, "n_posts": 2}


def test_signatures_go_with_the_texts(door: Door) -> None:
    """Nobody can ask an old signature whether a text was there."""
    door.send(_full())

    _purge(door)

    assert door.rows("SELECT * FROM clusters") == []
    assert door.rows("SELECT * FROM cluster_bands") == []


def test_a_repeat_of_what_was_forgotten(door: Door) -> None:
    """It is known by its digest, gains nothing, and is no new post."""
    post = _full(external_id="1")
    first = door.send(post)
    _purge(door)
    door.now = LATER

    again = door.send(post, None)

    assert (again.post_id, again.is_repeat) == (first.post_id, True)
    assert again.n_reports_added == 0


def test_it_is_done_in_steps(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """No transaction forgets more than it should, and all of it is forgotten."""
    monkeypatch.setattr(forgetting, "AT_ONCE", 7)
    door.send_all([draft(f"{i} ngắn") for i in range(20)])
    door.send_all([draft(f"{i} ngắn nữa") for i in range(20)], BENIGN)

    assert _purge(door) == 40

    with door.database.session() as session:
        notes = [x.act.detail["n"] for x in Audit(session).of("posts")]
    assert (sum(notes), max(notes)) == (40, 7)
    assert _purge(door) == 0


def test_what_is_young_stays(door: Door) -> None:
    """Within its time nothing of a post is touched."""
    door.send(_full())
    before = door.rows("SELECT * FROM posts")

    n = purge(door.database, retention_days=30, now=NOW + timedelta(days=29))

    assert n == 0
    assert door.rows("SELECT * FROM posts") == before

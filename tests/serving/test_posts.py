"""store=true and GET /v1/posts/{id}, on each kind of database."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from kiemtin.labels import Label
from serving.app import create_app
from serving.db import Audit, Database
from serving.retention import purge
from serving.settings import Settings


@pytest.fixture
def stored(settings: Settings) -> Iterator[TestClient]:
    """A client of a service with a database of its own."""
    with TestClient(create_app(settings)) as c:
        yield c


def test_a_stored_post_can_be_read(stored: TestClient) -> None:
    """What was asked to be stored comes back as it was, with its scores."""
    text = "đồ ngu 🤦\n'; DROP TABLE posts; --"
    answer = stored.post("/v1/score", json={"text": text, "store": True}).json()

    post = stored.get(f"/v1/posts/{answer['post_id']}").json()

    assert answer["post_id"].startswith("post_")
    created_at = datetime.fromisoformat(post.pop("created_at"))
    assert created_at.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - created_at) < timedelta(minutes=1)
    assert set(post["scores"]) == set(Label)
    assert post == {
        "id": answer["post_id"],
        "text": text,
        "scores": answer["scores"],
        "recommendation": "review",
        "model_digest": answer["model"]["digest"],
        "policy_version": answer["policy_version"],
    }


def test_who_read_a_text_is_noted(stored: TestClient, database: Database) -> None:
    """The audit log has each reading, and of one that found nothing none."""
    answer = stored.post("/v1/score", json={"text": "đồ ngu", "store": True}).json()
    stored.get(f"/v1/posts/{answer['post_id']}")
    stored.get("/v1/posts/post_0")

    with database.session() as session:
        acts = [x.act for x in Audit(session).all()]
    read = [(x.actor, x.subject) for x in acts if x.action == "post.read"]
    assert read == [("rev_anonymous", answer["post_id"])]


def test_nothing_is_stored_by_default(stored: TestClient, database: Database) -> None:
    """A text that was only scored is nowhere."""
    stored.post("/v1/score", json={"text": "đồ ngu"})
    stored.post("/v1/score/batch", json={"items": [{"text": "đồ ngu"}]})
    stored.post("/", data={"text": "đồ ngu"})

    assert purge(database, retention_days=-1) == 0


def test_a_batch_stores_what_asks_for_it(
    stored: TestClient, database: Database
) -> None:
    """Items are stored one by one, and a failed one is not."""
    items = [
        {"text": "đồ ngu", "store": True},
        {"text": "xin chào"},
        {"text": "", "store": True},
        {"text": "nhập otp", "store": True, "labels": ["scam"]},
    ]

    results = stored.post("/v1/score/batch", json={"items": items}).json()["results"]

    assert [r.get("post_id", "")[:5] for r in results] == ["post_", "", "", "post_"]
    post = stored.get(f"/v1/posts/{results[3]['post_id']}").json()
    assert list(post["scores"]) == ["scam"]
    assert purge(database, retention_days=-1) == 2


def test_a_nul_keeps_its_place(stored: TestClient) -> None:
    """A NUL, which PostgreSQL keeps in no text, is stored as another character."""
    answer = stored.post("/v1/score", json={"text": "đồ\0 ngu", "store": True})

    post = stored.get(f"/v1/posts/{answer.json()['post_id']}").json()
    assert post["text"] == "đồ\ufffd ngu"


@pytest.mark.parametrize("post_id", ["post_0", "0", "%00", "a" * 5_000, "%F0%9F%A4%A6"])
def test_an_unknown_post(stored: TestClient, post_id: str) -> None:
    """An id that was never given, or is none, is not found."""
    r = stored.get(f"/v1/posts/{post_id}")

    assert (r.status_code, r.json()["code"]) == (404, "not_found")


def test_old_posts_are_forgotten(stored: TestClient, database: Database) -> None:
    """A post is kept for its time and not longer."""
    url = (
        "/v1/posts/"
        + (
            stored.post("/v1/score", json={"text": "a", "store": True}).json()[
                "post_id"
            ]
        )
    )
    now = datetime.now(UTC)

    kept = purge(database, retention_days=30, now=now + timedelta(days=29))
    still_there = stored.get(url).status_code
    forgotten = purge(database, retention_days=30, now=now + timedelta(days=31))

    assert (kept, still_there, forgotten) == (0, 200, 1)
    assert stored.get(url).status_code == 404


def test_a_service_forgets_when_it_starts(
    stored: TestClient, settings: Settings, database: Database
) -> None:
    """What grew old while the service was down does not outlive its start."""
    post_id = stored.post("/v1/score", json={"text": "a", "store": True}).json()[
        "post_id"
    ]
    old = datetime.now(UTC) - timedelta(days=31)
    with database.session() as session:
        session.connection().exec_driver_sql(
            f"UPDATE posts SET created_at = '{old:%Y-%m-%d %H:%M:%S.%f}'"  # noqa: S608
        )
        session.commit()

    with TestClient(create_app(settings)) as later:
        statuses = {later.get(f"/v1/posts/{post_id}").status_code for _ in range(50)}

    assert 404 in statuses


def test_many_callers_store_at_once(stored: TestClient, database: Database) -> None:
    """Writers wait for one another; each gets its own post."""
    answers: list[int] = []

    def call() -> None:
        for _ in range(5):
            r = stored.post("/v1/score", json={"text": "xin chào", "store": True})
            answers.append(r.status_code)

    threads = [threading.Thread(target=call) for _ in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()

    assert answers == [200] * 30
    assert purge(database, retention_days=-1) == 30


def test_a_failed_commit_is_no_success(stored: TestClient, database: Database) -> None:
    """The answer comes after the commit: a caller never holds an id of nothing."""
    with database.session() as session:
        session.connection().exec_driver_sql("DROP TABLE posts")
        session.commit()

    r = stored.post("/v1/score", json={"text": "bí mật", "store": True})

    assert (r.status_code, r.json()["code"]) == (503, "database_unavailable")
    assert "bí mật" not in r.text

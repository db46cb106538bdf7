"""A challenger listens, and nobody notices."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from kiemtin.schemas import Item
from serving.app import create_app
from serving.engine import Engine, Lane, Reply, Scored, Terms
from serving.settings import Settings
from serving.shadow import Shadow
from serving.shadow.shadow import MOST_CHARS, MOST_POSTS
from tests.fixtures.bundle_variants import write_variant
from tests.serving.shadow.test_slices import score_object

TERMS = Terms(workers=1, waits_s=dict.fromkeys(Lane, 60))


@pytest.fixture
def strict(bundle: Path, tmp_path: Path) -> Path:
    """A challenger that flags every post."""
    return write_variant(bundle, tmp_path / "strict", version="2", review=0.001)


async def _engine(folder: Path) -> Engine:
    return await Engine.start(folder, TERMS, deadlines_s=dict.fromkeys(Lane, 60.0))


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 -- nobody tells
            await asyncio.sleep(0.02)


async def _listening(
    stack: AsyncExitStack, champion: Engine, folder: Path, **kwargs: Any
) -> Shadow:
    given = {"share": 1.0, **kwargs}
    shadow = Shadow(lambda: _engine(folder), lambda: champion.model.digest, **given)
    champion.listener = shadow.overhear
    shadow.begin()
    stack.push_async_callback(shadow.close)
    await _until(lambda: bool(shadow.digest))
    return shadow


def _counts(shadow: Shadow) -> tuple[int, int, int]:
    posts = shadow.describe().posts
    return posts.compared, posts.dropped, posts.failed


def test_differences_are_counted(bundle: Path, strict: Path) -> None:
    """Both models score the post, and where only one flags it, that is counted."""

    async def main() -> None:
        async with AsyncExitStack() as stack:
            champion = await _engine(bundle)
            stack.push_async_callback(champion.close)
            shadow = await _listening(stack, champion, strict)
            for text in ("đồ ngu", "xin chào các bạn", "", "ngu " * 40):
                await champion.score([Item("a", text, explain=True)])
            await _until(lambda: _counts(shadow)[0] == 3)

            said = shadow.describe()
            assert said.champion == champion.model.digest
            assert said.challenger is not None
            assert (said.state, said.challenger.version) == ("comparing", "2")
            assert _counts(shadow) == (3, 0, 0)
            flagged = said.slices["all"].labels["abusive"].flagged  # type: ignore[index]
            assert (flagged.both, flagged.challenger) == (2, 1)
            assert said.slices["long"].posts == 1
            assert said.slices["unflagged"].posts == 1

    asyncio.run(main())


def test_only_a_share_is_asked(bundle: Path, strict: Path) -> None:
    """Chance decides of each post of a call."""
    numbers = iter([0.1, 0.9, 0.2, 0.3] * 100)

    async def main() -> None:
        async with AsyncExitStack() as stack:
            champion = await _engine(bundle)
            stack.push_async_callback(champion.close)
            shadow = await _listening(
                stack, champion, strict, share=0.2, chance=lambda: next(numbers)
            )
            await champion.score([Item("a", "đồ ngu")] * 40, lane=Lane.BULK)
            await _until(lambda: _counts(shadow)[0] == 10)
            await asyncio.sleep(0.2)
            assert _counts(shadow) == (10, 0, 0)

    asyncio.run(main())


def test_what_finds_no_room_is_only_counted(bundle: Path, strict: Path) -> None:
    """Neither many posts nor long ones pile up."""

    async def main() -> None:
        async with AsyncExitStack() as stack:
            champion = await _engine(bundle)
            stack.push_async_callback(champion.close)
            shadow = await _listening(stack, champion, strict)
            reply = Reply.of(score_object())
            short, long = Item("a", "x"), Item("a", "x" * (MOST_CHARS // 4))
            for item, n in ((short, MOST_POSTS + 5), (long, 3)):
                shadow.overhear([item] * n, Scored([reply] * n, champion.model))
            assert _counts(shadow) == (0, 8, 0)
            await _until(lambda: _counts(shadow)[0] == MOST_POSTS)
            shadow.overhear([long] * 5, Scored([reply] * 5, champion.model))
            assert _counts(shadow)[1] == 9

    asyncio.run(main())


def test_another_champion_begins_anew(
    bundle: Path, strict: Path, tmp_path: Path
) -> None:
    """Counts beside one model are not mixed with those beside another, or itself."""
    other = write_variant(bundle, tmp_path / "other", version="3")

    async def main() -> None:
        async with AsyncExitStack() as stack:
            champion = await _engine(bundle)
            stack.push_async_callback(champion.close)
            shadow = await _listening(stack, champion, strict)
            old = await champion.score([Item("a", "đồ ngu")])
            await _until(lambda: _counts(shadow)[0] == 1)
            await champion.swap(other)
            await champion.score([Item("a", "xin chào")])
            await _until(lambda: shadow.describe().champion == champion.model.digest)
            await _until(lambda: _counts(shadow)[0] == 1)
            # What the old one answers late is nothing to the new one.
            shadow.overhear([Item("a", "đồ ngu")], old)
            await champion.swap(strict)
            await champion.score([Item("a", "đồ ngu")])
            await asyncio.sleep(0.2)
            assert _counts(shadow) == (1, 0, 0)
            assert "unflagged" in shadow.describe().slices

    asyncio.run(main())


def test_a_challenger_that_fails_is_counted(bundle: Path, strict: Path) -> None:
    """Whatever it does not answer, the model that serves does, and goes on doing."""

    class Broken(Engine):
        async def score(self, *args: Any, **kwargs: Any) -> Any:
            msg = "đồ ngu"
            raise RuntimeError(msg)

    async def main() -> None:
        async with AsyncExitStack() as stack:
            champion = await _engine(bundle)
            stack.push_async_callback(champion.close)
            shadow = await _listening(stack, champion, strict)
            assert shadow._engine is not None  # noqa: SLF001
            shadow._engine.__class__ = Broken  # noqa: SLF001
            scored = await champion.score([Item("a", "đồ ngu")])
            assert isinstance(scored.results[0], Reply)
            await _until(lambda: _counts(shadow) == (0, 0, 1))

    with capture_logs() as lines:
        asyncio.run(main())

    (line,) = (x for x in lines if x["event"] == "shadow_failed")
    assert line["code"] == "RuntimeError"
    assert "ngu" not in str(line)


def test_a_bad_challenger_is_nobody(bundle: Path, tmp_path: Path) -> None:
    """It is said why, and the service serves."""
    settings = Settings(
        bundle=bundle,
        workers=1,
        shadow=str(tmp_path / "none"),
        database_url=f"sqlite:///{tmp_path / 'db'}",
    )
    with TestClient(create_app(settings)) as c:
        for _ in range(100):
            said = c.get("/v1/models/shadow").json()
            if said["state"] == "refused":
                break
            time.sleep(0.1)
        assert c.post("/v1/score", json={"text": "ngu"}).status_code == 200
        metrics = c.get("/metrics").text

    assert said["refusal"]["code"] == "bundle_missing"
    assert said["challenger"] is None
    assert "kiemtin_shadow_loaded 0.0" in metrics


def test_without_a_challenger(client: TestClient) -> None:
    """Nobody listens unless told to."""
    r = client.get("/v1/models/shadow")

    assert (r.status_code, r.json()["code"]) == (404, "not_found")
    assert "kiemtin_shadow" not in client.get("/metrics").text.replace("/shadow", "")


def test_of_a_service(bundle: Path, strict: Path, tmp_path: Path) -> None:
    """Named by its folder it listens, is listed, and Prometheus sees what it says."""
    settings = Settings(
        bundle=bundle,
        workers=1,
        models=tmp_path,
        shadow=strict.name,
        shadow_share=1,
        database_url=f"sqlite:///{tmp_path / 'db'}",
    )
    with TestClient(create_app(settings)) as c:
        for _ in range(200):
            c.post("/v1/score/batch", json={"items": [{"text": "bí mật"}] * 2})
            said = c.get("/v1/models/shadow").json()
            if said["posts"]["compared"] > 2:
                break
            time.sleep(0.1)
        metrics = c.get("/metrics").text
        states = {
            x["version"]: x["state"] for x in c.get("/v1/models").json()["models"]
        }

    assert said["slices"]["all"]["labels"]["scam"]["flagged"]["challenger"] > 2
    assert states == {"1": "active", "2": "shadow"}
    assert "bí mật" not in str(said)
    for wanted in (
        "kiemtin_shadow_loaded 1.0",
        'kiemtin_shadow_posts_total{status="compared"}',
        'kiemtin_shadow_flagged_total{by="challenger",label="scam",slice="all"}',
        'kiemtin_shadow_recommended_total{challenger="review",champion="none"}',
        'kiemtin_shadow_difference_bucket{label="scam",le="0.01"}',
    ):
        assert wanted in metrics

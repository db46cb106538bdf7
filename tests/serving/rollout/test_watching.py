"""What the folder of models or another service says is followed."""

import asyncio
import time
from pathlib import Path

from structlog.testing import capture_logs

from kiemtin.manifest import CARD_FILE
from kiemtin.models_folder import write_active
from serving.rollout import Watch
from tests.serving.rollout.conftest import Serve, Service

EVERY_S = 0.2


def _wait_for(service: Service, version: str) -> None:
    for _ in range(100):
        if service.score()[0] == version:
            return
        time.sleep(EVERY_S)
    raise AssertionError(version)


def test_the_named_model_scores(serve: Serve, models: Path) -> None:
    """Named while the service runs, a model is loaded and scores; so is the next."""
    with serve(models_watch_s=EVERY_S) as s:
        write_active(models, "tiny-2")
        _wait_for(s, "2")
        write_active(models, "tiny-3")
        _wait_for(s, "3")
        assert s.models() == {"3": "active", "1": "available", "2": "previous"}


def test_a_rollback_is_not_undone(serve: Serve, models: Path) -> None:
    """What people decided after the file was written holds, over a restart, too."""
    with serve(models_watch_s=EVERY_S) as s:
        write_active(models, "tiny-2")
        _wait_for(s, "2")
        s.rollback()
        time.sleep(4 * EVERY_S)
        assert s.score()[0] == "1"
    with serve(models_watch_s=EVERY_S) as s:
        time.sleep(4 * EVERY_S)
        assert s.score()[0] == "1"


def test_named_before_the_start(serve: Serve, models: Path) -> None:
    """Who fills the folder first need not watch it; and there is a way back."""
    write_active(models, "tiny-2")
    with serve() as s:
        assert s.score()[0] == "2"
        assert s.rollback().json()["version"] == "1"
    with serve() as s:
        assert s.score()[0] == "1"


def test_a_bad_one_is_refused_once(serve: Serve, models: Path) -> None:
    """It is logged once and not tried again, until it changes."""
    good = (models / "tiny-2" / CARD_FILE).read_bytes()
    (models / "tiny-2" / CARD_FILE).write_text("damaged")
    with capture_logs() as lines, serve(models_watch_s=EVERY_S) as s:
        write_active(models, "tiny-2")
        time.sleep(10 * EVERY_S)
        assert s.score()[0] == "1"
        assert s.models()["2"] == "refused"
        assert [x["event"] for x in lines].count("model_refused") == 1
        (models / "tiny-2" / CARD_FILE).write_bytes(good)
        _wait_for(s, "2")


def test_an_unknown_one_is_waited_for(serve: Serve, models: Path) -> None:
    """A name without a folder is logged once; when the folder comes, it scores."""
    aside = (models / "tiny-2").rename(models / ".aside")
    with capture_logs() as lines, serve(models_watch_s=EVERY_S) as s:
        write_active(models, "tiny-2")
        time.sleep(4 * EVERY_S)
        assert s.score()[0] == "1"
        aside.rename(models / "tiny-2")
        _wait_for(s, "2")

    assert [x["event"] for x in lines].count("named_model_unknown") == 1


def test_services_of_one_database_agree(serve: Serve) -> None:
    """What one is told, the other does, and both know the way back."""
    with serve(models_watch_s=EVERY_S) as one, serve(models_watch_s=EVERY_S) as two:
        one.activate("2")
        _wait_for(two, "2")
        two.rollback()
        _wait_for(one, "1")
        assert one.models() == two.models()


def test_without_the_folder_nothing_is_left(serve: Serve, models: Path) -> None:
    """A model whose folder is gone scores on, and is still listed."""
    with serve(models_watch_s=EVERY_S) as s:
        s.activate("2")
        models.rename(models.with_name("gone"))
        time.sleep(2 * EVERY_S)
        assert s.score()[0] == "2"
        assert s.models() == {"2": "active", "1": "previous"}


def test_a_database_that_is_away_is_waited_for(
    serve: Serve, models: Path, tmp_path: Path
) -> None:
    """It is logged, nothing changes, and the next look may find it again."""
    folder = tmp_path / "database"
    folder.mkdir()
    url = f"sqlite:///{folder / 'kiemtin.db'}"
    with (
        capture_logs() as lines,
        serve(models_watch_s=EVERY_S, database_url=url) as s,
    ):
        folder.rename(tmp_path / "away")
        s.app.state.database.close()
        write_active(models, "tiny-2")
        time.sleep(3 * EVERY_S)
        assert s.score()[0] == "1"
        (tmp_path / "away").rename(folder)
        _wait_for(s, "2")

    assert "models_not_followed" in [x["event"] for x in lines]


def test_a_stop_breaks_no_swap_off() -> None:
    """The watch ends when it is told to, and not in the middle of a look."""

    class SlowWatch(Watch):
        done = False

        async def look(self) -> None:
            await asyncio.sleep(0.05)
            self.done = True

    async def main() -> None:
        watch = SlowWatch(None, None)  # type: ignore[arg-type]
        task = asyncio.create_task(watch.keep_looking(0.01))
        await asyncio.sleep(0.02)
        watch.stop()
        await asyncio.wait_for(task, 1)
        assert watch.done

    asyncio.run(main())

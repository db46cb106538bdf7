"""Models are activated, rolled back and refused, and what scored before goes on."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from kiemtin.manifest import CARD_FILE, GOLDENS_FILE, MANIFEST_FILE
from serving.db import Activation, Activations, Database, Kind
from serving.engine import Engine
from tests.fixtures.tiny_bundle import sign
from tests.serving.rollout.conftest import Serve


def _log_of(tmp_path: Path) -> list[Activation]:
    with (
        closing(Database(f"sqlite:///{tmp_path / 'kiemtin.db'}")) as database,
        database.session() as session,
    ):
        return Activations(session).latest(100)


def _spoil(folder: Path) -> None:
    path = folder / GOLDENS_FILE
    path.write_text(path.read_text("utf-8").replace("0.98", "0.77"), "utf-8")
    sign(folder)


def test_models_are_listed(serve: Serve, bundle: Path) -> None:
    """Each with its state and its folder, the one that scores first."""
    with serve() as s:
        body = s.client.get("/v1/models").json()["models"]

    assert [(x["version"], x["state"], x["folder"]) for x in body] == [
        ("1", "active", None),
        ("2", "available", "tiny-2"),
        ("3", "available", "tiny-3"),
    ]
    assert {x["name"] for x in body} == {"tiny"}
    assert all(x["digest"].startswith("sha256:") and x["since"] for x in body)


def test_a_service_without_a_folder_has_one_model(serve: Serve) -> None:
    """There is nothing to activate, and nothing to go back to."""
    with serve(models=None) as s:
        assert s.models() == {"1": "active"}
        refused = [s.activate("2"), s.rollback()]

    assert [(r.status_code, r.json()["code"]) for r in refused] == [
        (404, "model_unknown"),
        (409, "no_previous_model"),
    ]


def test_activation_rollback_and_forth(serve: Serve, tmp_path: Path) -> None:
    """One call each; every reply says who scored, and the log who wanted it."""
    with serve() as s:
        assert s.score()[0] == "1"
        activated = s.activate("2")
        assert s.score()[0] == "2"
        assert s.models() == {"2": "active", "1": "previous", "3": "available"}
        back = s.rollback()
        assert s.score()[0] == "1"
        assert s.models() == {"1": "active", "2": "previous", "3": "available"}
        forth = s.rollback()
        assert s.score()[0] == "2"
        ready = s.client.get("/ready").json()

    assert [r.status_code for r in (activated, back, forth)] == [200] * 3
    assert [r.json()["version"] for r in (activated, back, forth)] == ["2", "1", "2"]
    assert activated.json()["state"] == "active"
    assert ready["model"]["version"] == "2"
    log = _log_of(tmp_path)
    assert [(x.kind, x.version, x.by) for x in log] == [
        (Kind.ROLLBACK, "2", "anonymous"),
        (Kind.ROLLBACK, "1", "anonymous"),
        (Kind.ACTIVATION, "2", "anonymous"),
    ]
    assert log[0].before == log[1].digest == log[2].before


def test_who_is_active_is_not_swapped(serve: Serve, tmp_path: Path) -> None:
    """Asked for again it is there already, by the same workers."""
    with serve() as s:
        first = s.activate("2")
        pids = s.app.state.engine.crew.pids
        again = s.activate("2")
        assert s.app.state.engine.crew.pids == pids

    assert again.json() == first.json()
    assert len(_log_of(tmp_path)) == 1


@pytest.mark.parametrize("method", ["no body", "empty object"])
def test_the_only_other_one_needs_no_body(
    serve: Serve, models: Path, method: str
) -> None:
    """Where there is one other version, it is meant."""
    shutil.rmtree(models / "tiny-3")
    content: Any = {} if method == "no body" else {"json": {}}
    with serve() as s:
        r = s.client.post("/v1/models/tiny:activate", **content)
        assert r.json()["version"] == "2"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        ({}, 409, "model_ambiguous"),
        ({"json": {"version": "9"}}, 404, "model_unknown"),
        ({"json": {"digest": "2"}}, 422, "invalid_field"),
        ({"json": {"versoin": "2"}}, 422, "unknown_field"),
        ({"json": []}, 422, "malformed_item"),
        ({"content": b"{"}, 415, "unsupported_media_type"),
    ],
)
def test_what_is_not_meant_is_said(
    serve: Serve, content: Any, status: int, code: str
) -> None:
    """Nothing is guessed, and nothing changes."""
    with serve() as s:
        r = s.client.post("/v1/models/tiny:activate", **content)
        unknown = s.client.post("/v1/models/other:rollback")
        assert s.models()["1"] == "active"

    assert (r.status_code, r.json()["code"]) == (status, code)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "model_unknown")


def test_a_bad_model_is_refused(serve: Serve, models: Path) -> None:
    """It says why, is listed as refused until it changes, and the old one goes on."""
    _spoil(models / "tiny-2")
    with serve() as s:
        r = s.activate("2")
        assert (r.status_code, r.json()["code"]) == (409, "model_refused")
        assert r.json()["detail"].startswith("bundle_golden: golden ngu gets 0.9")
        assert s.score()[0] == "1"
        listed = s.client.get("/v1/models").json()["models"][1]
        assert (listed["state"], listed["refusal"]["code"]) == (
            "refused",
            "bundle_golden",
        )
        (models / "tiny-2" / CARD_FILE).write_text("# another\n")
        assert s.models()["2"] == "available"


def test_a_manifest_that_nobody_reads_is_listed(serve: Serve, models: Path) -> None:
    """By the name of its folder, as refused."""
    (models / "tiny-2" / MANIFEST_FILE).write_text("{}")
    with serve() as s:
        bad = s.client.get("/v1/models").json()["models"][1]

    assert (bad["name"], bad["state"]) == ("tiny-2", "refused")
    assert bad["refusal"]["code"] == "bundle_corrupt"


def test_what_cannot_be_recorded_is_not_done(serve: Serve, tmp_path: Path) -> None:
    """With the database away nobody could know after a restart; so nothing changes."""
    with serve() as s:
        (tmp_path / "kiemtin.db").rename(tmp_path / "away")
        s.app.state.database.close()
        r = s.activate("2")
        assert s.score()[0] == "1"

    assert (r.status_code, r.json()["code"]) == (503, "database_unavailable")


def test_a_choice_survives_a_restart(serve: Serve) -> None:
    """Who was activated scores after the next start, and can be rolled back."""
    with serve() as s:
        s.activate("2")
    with serve() as s:
        assert s.score()[0] == "2"
        assert s.models()["1"] == "previous"
        assert s.rollback().json()["version"] == "1"
    with serve() as s:
        assert s.score()[0] == "1"


@pytest.mark.parametrize(
    ("lose", "event"),
    [(shutil.rmtree, "chosen_model_gone"), (_spoil, "chosen_model_gone")],
    ids=["gone", "changed"],
)
def test_a_choice_that_is_gone_gives_way(
    serve: Serve, models: Path, lose: Any, event: str
) -> None:
    """The bundle of the settings scores, and the log says so."""
    with serve() as s:
        s.activate("2")
    lose(models / "tiny-2")
    with capture_logs() as lines, serve() as s:
        assert s.score()[0] == "1"
        assert s.rollback().json()["code"] == "no_previous_model"

    assert event in [x["event"] for x in lines]


def test_a_choice_that_went_bad_gives_way(serve: Serve, models: Path) -> None:
    """A file that was damaged since is noticed at the start."""
    with serve() as s:
        s.activate("2")
    (models / "tiny-2" / CARD_FILE).write_text("damaged")
    with capture_logs() as lines, serve() as s:
        assert s.score()[0] == "1"
        assert s.models() == {"1": "active", "2": "refused", "3": "available"}

    (refused,) = (x for x in lines if x["event"] == "model_refused")
    assert refused["code"] == "bundle_corrupt"


def test_a_service_without_a_model_gets_one(serve: Serve, tmp_path: Path) -> None:
    """Where the bundle of the settings is bad, a good one can be activated."""
    with serve(bundle=tmp_path / "none") as s:
        assert s.client.get("/ready").status_code == 503
        assert s.activate("2").status_code == 200
        assert s.score()[0] == "2"
        assert s.client.get("/ready").status_code == 200
        assert s.rollback().json()["code"] == "no_previous_model"


def test_two_at_once(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one is loaded another one is turned away, and told when to come back."""
    swap = Engine.swap
    answers: list[Any] = []

    with serve() as s:

        async def swap_slowly(self: Engine, *args: Any, **kwargs: Any) -> Any:
            # Somebody else asks before the first is done.
            answers.append(await asyncio.to_thread(s.activate, "3"))
            return await swap(self, *args, **kwargs)

        monkeypatch.setattr(Engine, "swap", swap_slowly)
        first = s.activate("2")
        assert s.score()[0] == "2"

    (second,) = answers
    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (409, "swap_in_progress")
    assert int(second.headers["retry-after"]) > 0


@contextmanager
def _changing(folder: Path) -> Iterator[None]:
    """Put another bundle in the place of one, while it is read."""
    folder.rename(folder.with_name("tmp"))
    folder.with_name("tiny-3").rename(folder)
    yield
    folder.rename(folder.with_name("tiny-3"))


def test_a_folder_that_changes_meanwhile(
    serve: Serve, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was loaded is what was meant, or it is not taken."""
    swap = Engine.swap

    async def swap_another(self: Engine, folder: Path, **kwargs: Any) -> Any:
        with _changing(folder):
            return await swap(self, folder, **kwargs)

    monkeypatch.setattr(Engine, "swap", swap_another)
    with serve() as s:
        r = s.activate("2")
        assert s.score()[0] == "1"

    assert r.json()["code"] == "model_refused"
    assert "changed while it was loaded" in r.json()["detail"]

"""GET /live, /ready and /v1/info; a bundle that is refused."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kiemtin.bundle import file_sha256
from kiemtin.labels import Label
from kiemtin.manifest import GOLDENS_FILE, MANIFEST_FILE, MODEL_FILE, TOKENIZER_FILE
from serving.app import create_app
from serving.db import Database
from serving.settings import Settings


def test_live(client: TestClient) -> None:
    """A process that answers lives."""
    assert client.get("/live").json() == {"status": "live"}


def test_ready_shows_its_proof(client: TestClient) -> None:
    """Ready says which bytes scored how many golden texts, and which tables."""
    body = client.get("/ready").json()

    assert body["status"] == "ready"
    assert body["goldens"]["n"] == 6
    assert body["goldens"]["largest_difference"] <= body["goldens"]["tolerance"]
    assert body["model"]["digest"].startswith("sha256:")
    head = Database("sqlite:///none.db").head
    assert body["database"] == {"dialect": "sqlite", "revision": head}


def test_info_says_what_clients_need(client: TestClient) -> None:
    """Labels with what they do not say, thresholds and limits are all there."""
    body = client.get("/v1/info").json()

    assert [x["label"] for x in body["labels"]] == list(Label)
    assert all(x["says"] and x["does_not_say"] for x in body["labels"])
    assert body["heads"]["harm"] == ["abusive", "hate"]
    assert body["policy"]["thresholds"]["scam"] == {
        "abstain": None,
        "review": 0.5,
        "review_urgent": 0.99,
    }
    limits = body["limits"]
    assert limits["bulk_queue_tokens"] > limits["queue_tokens"] > 0
    assert limits == {
        "queue_tokens": limits["queue_tokens"],
        "body_values": 8_192,
        "body_s": 60,
        "bulk_queue_tokens": limits["bulk_queue_tokens"],
        "deadline_s": 10,
        "bulk_deadline_s": 120,
        "text_chars": 65_536,
        "items": 256,
        "body_bytes": 8_388_608,
        "id_chars": 256,
        "header_bytes": 16_384,
        "interactive_items_per_minute": 60_000,
        "bulk_items_per_minute": 600_000,
    }
    assert body["window"] == {"tokens": 10, "overlap": 2, "most": 6}
    assert body["languages"] == ["vi"]


def _remove(folder: Path) -> None:
    (folder / TOKENIZER_FILE).unlink()


def _change(folder: Path) -> None:
    with (folder / TOKENIZER_FILE).open("a") as f:
        f.write(" ")


def _add(folder: Path) -> None:
    (folder / "extra.py").write_text("")


def _sign(folder: Path, name: str) -> None:
    """Give the manifest the checksum of a file that was changed."""
    manifest = json.loads((folder / MANIFEST_FILE).read_text())
    manifest["sha256"][name] = file_sha256(folder / name)
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest))


def _other_normalizer(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST_FILE).read_text())
    manifest["normalizer_version"] = 99
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest))


def _other_scores(folder: Path) -> None:
    path = folder / GOLDENS_FILE
    path.write_text(path.read_text(encoding="utf-8").replace("0.98", "0.77"), "utf-8")
    _sign(folder, GOLDENS_FILE)


def _no_network(folder: Path) -> None:
    (folder / MODEL_FILE).write_bytes(b"no network")
    _sign(folder, MODEL_FILE)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_remove, "bundle_missing"),
        (_change, "bundle_corrupt"),
        (_add, "bundle_foreign_file"),
        (_other_normalizer, "bundle_mismatch"),
        (_other_scores, "bundle_golden"),
        (_no_network, "bundle_corrupt"),
        (shutil.rmtree, "bundle_missing"),
    ],
    ids=["missing", "changed", "foreign", "normalizer", "golden", "graph", "nothing"],
)
def test_a_refused_bundle_scores_nothing(
    bundle: Path, tmp_path: Path, spoil: Callable[[Path], None], code: str
) -> None:
    """Without a good bundle the process lives, says why, and never guesses."""
    copy = shutil.copytree(bundle, tmp_path / "copy")
    spoil(copy)
    settings = Settings(bundle=copy, database_url=f"sqlite:///{tmp_path / 'db'}")

    with TestClient(create_app(settings)) as c:
        live = c.get("/live")
        answers = [
            c.get("/ready"),
            c.get("/v1/info"),
            c.post("/v1/score", json={"text": "xin chào"}),
            c.post("/v1/score/batch", json={"items": [{"text": "xin chào"}]}),
        ]
        pages = [c.get("/"), c.post("/", data={"text": "xin chào"})]

    assert live.status_code == 200
    for r in answers:
        assert (r.status_code, r.json()["code"]) == (503, code)
        assert int(r.headers["retry-after"]) > 0
    for page in pages:
        assert page.status_code == 503
        assert code in page.text
        assert "<svg" not in page.text


def test_scoring_needs_no_database(bundle: Path, tmp_path: Path) -> None:
    """With the database gone, scores come, stores do not, and ready says why."""
    folder = tmp_path / "folder"
    folder.mkdir()
    settings = Settings(bundle=bundle, database_url=f"sqlite:///{folder / 'db'}")
    app = create_app(settings)

    with TestClient(app) as c:
        folder.rename(tmp_path / "gone")
        app.state.database.close()
        scored = c.post("/v1/score", json={"text": "ngu"})
        refused = [
            c.get("/ready"),
            c.get("/v1/posts/post_1"),
            c.post("/v1/score", json={"text": "ngu", "store": True}),
        ]

    assert scored.status_code == 200
    for r in refused:
        assert (r.status_code, r.json()["code"]) == (503, "database_unavailable")
        assert str(tmp_path) not in r.text


def test_a_database_that_was_never_there(bundle: Path, tmp_path: Path) -> None:
    """As long as nobody knows whether there are keys, the service answers nobody."""
    settings = Settings(bundle=bundle, database_url=f"sqlite:///{tmp_path / 'no/db'}")

    with TestClient(create_app(settings)) as c:
        live = c.get("/live")
        refused = c.post("/v1/score", json={"text": "ngu"})

    assert live.status_code == 200
    assert refused.status_code == 503
    assert refused.json()["code"] == "database_unavailable"

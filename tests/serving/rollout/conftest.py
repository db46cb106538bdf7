"""A service with a folder of models."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from serving.app import create_app
from serving.settings import Settings
from tests.fixtures.bundle_variants import write_variant


@dataclass(frozen=True, slots=True)
class Service:
    """A started service, and what people do with its models."""

    client: TestClient
    app: Any

    def models(self) -> dict[str, str]:
        """Return the state of each model, by version."""
        r = self.client.get("/v1/models")
        assert r.status_code == 200
        return {x["version"]: x["state"] for x in r.json()["models"]}

    def activate(self, version: str) -> Any:
        """Ask for another model."""
        return self.client.post("/v1/models/tiny:activate", json={"version": version})

    def rollback(self) -> Any:
        """Ask for the one before."""
        return self.client.post("/v1/models/tiny:rollback")

    def score(self) -> tuple[str, float]:
        """Return by which version a post is scored, and how abusive it is."""
        r = self.client.post("/v1/score", json={"text": "đồ ngu"})
        assert r.status_code == 200
        return r.json()["model"]["version"], r.json()["scores"]["abusive"]


Serve = Callable[..., AbstractContextManager[Service]]


@pytest.fixture
def models(bundle: Path, tmp_path: Path) -> Path:
    """A folder with versions 2 and 3 of the tiny bundle; the settings have 1."""
    folder = tmp_path / "models"
    folder.mkdir()
    for version in ("2", "3"):
        write_variant(bundle, folder / f"tiny-{version}", version=version)
    return folder


@pytest.fixture
def serve(bundle: Path, models: Path, tmp_path: Path) -> Serve:
    """Start services that share a database and the folder of models."""

    @contextmanager
    def start(**changes: Any) -> Iterator[Service]:
        given = {
            "bundle": bundle,
            "models": models,
            "workers": 1,
            "database_url": f"sqlite:///{tmp_path / 'kiemtin.db'}",
            **changes,
        }
        app = create_app(Settings(**given))
        with TestClient(app) as client:
            yield Service(client, app)

    return start

"""Registered bundles are pulled by the address that MLflow gives them."""

from pathlib import Path

import pytest

from kiemtin.bundle import bundle_digest
from kiemtin.cli import main
from kiemtin.models_folder import read_active
from tests.fixtures.bundle_variants import write_variant
from training.errors import NoModelError
from training.tracking.pulling import open_registered
from training.tracking.registry import CHAMPION, Registry
from training.tracking.runs import tracked_run

# MLflow and its database layer warn of themselves.
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture
def registry(store: str, bundle: Path, tmp_path: Path) -> Registry:
    """A registry with two versions, of which the first is champion."""
    for folder in (bundle, write_variant(bundle, tmp_path / "b", version="2")):
        with tracked_run("a", store=store) as tracker:
            tracker.bundle(folder, ["xin chào"])
    registry = Registry.at(store)
    registry.set_alias(CHAMPION, "1")
    return registry


def _pull(registry: Registry, address: str, models: Path) -> int:
    command = ["bundle", "pull", address, "--into", str(models), "--activate"]
    with pytest.raises(SystemExit) as ended:
        main([*command, "--store", registry.store])
    return int(ended.value.code or 0)


def test_an_alias_is_followed(registry: Registry, bundle: Path, tmp_path: Path) -> None:
    """What it stands for is there and to score; moved, the other one is."""
    models = tmp_path / "models"

    assert _pull(registry, "models:/kiemtin@champion", models) == 0
    (first,) = (x for x in models.iterdir() if x.is_dir())
    registry.set_alias(CHAMPION, "2")
    assert _pull(registry, "models:/kiemtin@champion", models) == 0

    assert bundle_digest(first) == bundle_digest(bundle)
    folders = sorted(x.name[:7] for x in models.iterdir() if x.is_dir())
    assert folders == ["tiny-1-", "tiny-2-"]
    named = read_active(models)
    assert named is not None
    assert bundle_digest(models / named.folder) == bundle_digest(tmp_path / "b")


def test_a_version_is_named_by_its_number(
    registry: Registry, bundle: Path, tmp_path: Path
) -> None:
    """The number leads to the same bundle as the alias."""
    source = open_registered("models:/kiemtin/1", registry.store)

    assert source.digest == bundle_digest(bundle)
    assert bundle_digest(source.fetch(tmp_path / "got")) == source.digest


def test_what_is_there_is_not_fetched_again(registry: Registry, tmp_path: Path) -> None:
    """Whoever follows an alias asks only what it stands for."""
    models = tmp_path / "models"
    assert _pull(registry, "models:/kiemtin/1", models) == 0
    for path in (tmp_path / "artifacts").rglob("*"):
        if path.is_file():
            path.unlink()

    assert _pull(registry, "models:/kiemtin@champion", models) == 0


@pytest.mark.parametrize(
    "address",
    [
        "models:/other@champion",
        "models:/kiemtin@nobody",
        "models:/kiemtin/9",
        "models:/kiemtin",
        "models:/kiemtin@a/1",
    ],
)
def test_an_address_that_leads_nowhere(registry: Registry, address: str) -> None:
    """It is said what would."""
    with pytest.raises(NoModelError, match=r"champion|ALIAS"):
        open_registered(address, registry.store)

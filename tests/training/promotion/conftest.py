"""A prepared set that is large enough to compare on, and bundles to compare."""

import shutil
from pathlib import Path

import pytest

from tests.fixtures.bundle_variants import write_variant
from tests.fixtures.small_corpora import write_small_corpora
from tests.fixtures.stores import empty_store
from training.preparation.manifest import read_manifest
from training.preparation.run import prepare
from training.tracking.registry import Registry
from training.tracking.runs import tracked_run


@pytest.fixture(scope="session")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared set with enough rows in its test split."""
    raw = write_small_corpora(tmp_path_factory.mktemp("raw"), n=500)
    out = tmp_path_factory.mktemp("larger")
    prepare(raw, out)
    return out


@pytest.fixture(scope="session")
def registered(
    bundle: Path, larger: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder of a store with three versions that differ in their numbers alone."""
    root = tmp_path_factory.mktemp("registered")
    store, digest = empty_store(root), read_manifest(larger).digest
    for number in ("1", "2", "3"):
        folder = root / f"bundle-{number}"
        write_variant(bundle, folder, version=number, data_digest=digest)
        with tracked_run(number, store=store) as tracker:
            tracker.bundle(folder, ["xin chào"])
    return root


@pytest.fixture
def registry(registered: Path, tmp_path: Path) -> Registry:
    """A copy of that store, whose files lie where the first one's lie."""
    shutil.copy(registered / "mlflow.db", tmp_path)
    return Registry.at(f"sqlite:///{tmp_path}/mlflow.db")

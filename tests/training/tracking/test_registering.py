"""A bundle is registered whole and once, or has no alias."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from mlflow.tracking import MlflowClient

from kiemtin.bundle import bundle_digest
from kiemtin.errors import BundleCorruptError, BundleGoldenError
from kiemtin.manifest import CARD_FILE, MANIFEST_FILE
from tests.fixtures.bundle_variants import write_variant
from training.tracking.registry import CHALLENGER, Registry, State
from training.tracking.runs import tracked_run

# MLflow and its database layer warn of themselves.
pytestmark = pytest.mark.filterwarnings("default")

KILLED_AT = """
import os, signal, sys
from pathlib import Path
import {module}
from training.tracking.runs import tracked_run

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

{module}.{name} = die
with tracked_run("a", store=sys.argv[1]) as tracker:
    tracker.bundle(Path(sys.argv[2]), ["xin chào"])
"""


def _register(store: str, folder: Path) -> str:
    with tracked_run("a", store=store) as tracker:
        return tracker.bundle(folder, ["xin chào"])


def test_version_says_what_it_is(store: str, bundle: Path, tmp_path: Path) -> None:
    """A version carries the bundle's digest and name, and the data's digest and terms."""
    variant = write_variant(bundle, tmp_path / "b", data_digest="sha256:data")

    version = _register(store, variant)

    (found,) = Registry.at(store).versions()
    assert found.version == version
    assert found.aliases == (CHALLENGER,)
    assert found.state is State.VERIFIED
    assert (found.name, found.bundle_version) == ("tiny", "2")
    assert found.digest == bundle_digest(variant)
    assert (found.data_digest, found.permission) == ("sha256:data", "unstated")


def test_run_knows_its_version(store: str, bundle: Path) -> None:
    """From a run one finds the version that it registered, and the other way round."""
    version = _register(store, bundle)

    (found,) = Registry.at(store).versions()
    tags = MlflowClient(store).get_run(found.run_id).data.tags
    assert tags["model.version"] == version
    assert tags["bundle.digest"] == found.digest


def test_same_bundle_is_registered_once(store: str, bundle: Path) -> None:
    """Registering again gives the version that is there."""
    assert _register(store, bundle) == _register(store, bundle)

    assert len(Registry.at(store).versions()) == 1


def test_challenger_is_the_newest(store: str, bundle: Path, tmp_path: Path) -> None:
    """Another bundle is another version, and the alias moves to it."""
    first = _register(store, bundle)

    second = _register(store, write_variant(bundle, tmp_path / "b"))

    registry = Registry.at(store)
    assert registry.find(CHALLENGER).version == second
    assert registry.find(first).aliases == ()


def test_corrupt_bundle_is_not_registered(
    store: str, bundle: Path, tmp_path: Path
) -> None:
    """A file that is not the exported one stops it before anything is kept."""
    variant = write_variant(bundle, tmp_path / "b")
    (variant / CARD_FILE).write_text("another card")

    with pytest.raises(BundleCorruptError):
        _register(store, variant)

    assert Registry.at(store).versions() == []


def test_bundle_that_scores_otherwise_is_not_registered(
    store: str, bundle: Path, tmp_path: Path
) -> None:
    """Goldens that do not hold stop it before anything is kept."""
    variant = write_variant(bundle, tmp_path / "b")
    manifest = json.loads((variant / MANIFEST_FILE).read_text())
    manifest["calibration"]["scam"]["intercept"] = 9
    (variant / MANIFEST_FILE).write_text(json.dumps(manifest))

    with pytest.raises(BundleGoldenError):
        _register(store, variant)

    assert Registry.at(store).versions() == []


@pytest.mark.parametrize(
    ("module", "name", "n_left"),
    [
        ("mlflow.tracking", "MlflowClient.create_model_version", 0),
        ("training.tracking.registry", "Registry.verify", 1),
        ("training.tracking.registry", "Registry.set_alias", 1),
    ],
)
def test_killed_registration_is_finished_by_the_next(
    store: str, bundle: Path, module: str, name: str, n_left: int
) -> None:
    """Whenever it is killed, nothing half has an alias, and once more makes it whole."""
    script = KILLED_AT.format(module=module, name=name)
    done = subprocess.run(
        [sys.executable, "-c", script, store, str(bundle)],
        capture_output=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr.decode()
    registry = Registry.at(store)
    left = registry.versions()
    assert (len(left), [x.aliases for x in left]) == (n_left, [()] * n_left)

    version = _register(store, bundle)

    (found,) = registry.versions()
    assert (found.version, found.state) == (version, State.VERIFIED)
    assert found.aliases == (CHALLENGER,)


def test_upload_that_was_cut_short_is_not_used(
    store: str, bundle: Path, tmp_path: Path
) -> None:
    """A version whose files are not all there is marked as broken, and made anew."""
    first = _register(store, bundle)
    registry = Registry.at(store)
    registry.mark(first, {"bundle.state": State.UNVERIFIED})
    (kept,) = (tmp_path / "artifacts").rglob(f"*/{CARD_FILE}")
    kept.unlink()

    second = _register(store, bundle)

    assert second != first
    assert registry.find(first).state is State.BROKEN
    assert registry.find(CHALLENGER).version == second

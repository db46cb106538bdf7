"""An alias or a number leads to the very bundle that was registered."""

from pathlib import Path

import pytest

from kiemtin.bundle import bundle_digest
from kiemtin.errors import BundleCorruptError, BundleMissingError
from kiemtin.manifest import CARD_FILE
from tests.fixtures.bundle_variants import write_variant
from training.errors import NoModelError, StoreError
from training.tracking.registry import CHALLENGER, CHAMPION, Registry, State
from training.tracking.runs import tracked_run

# MLflow and its database layer warn of themselves.
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture
def registry(store: str, bundle: Path) -> Registry:
    """A registry with one version, the challenger."""
    with tracked_run("a", store=store) as tracker:
        tracker.bundle(bundle, ["xin chào"])
    return Registry.at(store)


@pytest.mark.parametrize("reference", [CHALLENGER, "1"])
def test_bundle_comes_back_as_it_was(
    registry: Registry, bundle: Path, tmp_path: Path, reference: str
) -> None:
    """By its alias or its number a bundle is got back byte for byte."""
    folder = registry.resolve(reference, tmp_path / "got")

    assert bundle_digest(folder) == bundle_digest(bundle)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {
        p.name: p.read_bytes() for p in bundle.iterdir()
    }


def test_bundle_that_is_here_is_used_again(registry: Registry, tmp_path: Path) -> None:
    """Twice into one folder is one download, and what lies there is checked."""
    folder = registry.resolve(CHALLENGER, tmp_path / "got")
    assert registry.resolve("1", tmp_path / "got") == folder
    assert [p.name for p in (tmp_path / "got").iterdir()] == [folder.name]

    (folder / CARD_FILE).write_text("another card")

    with pytest.raises(BundleCorruptError):
        registry.resolve("1", tmp_path / "got")


def test_unknown_model_is_refused_with_what_there_is(registry: Registry) -> None:
    """The message lists every alias and number."""
    with pytest.raises(NoModelError, match=r"'champion'.*challenger, 1"):
        registry.find(CHAMPION)


def test_empty_registry_has_no_models(tmp_path: Path, store: str) -> None:
    """Where nothing was registered, nothing is found, and that is said."""
    registry = Registry.at(store)

    assert (registry.versions(), registry.champion()) == ([], None)
    with pytest.raises(NoModelError, match="no models"):
        registry.resolve(CHALLENGER, tmp_path / "got")


def test_alias_is_for_one_version(
    registry: Registry, store: str, bundle: Path, tmp_path: Path
) -> None:
    """Given to another version, an alias leaves the one that had it."""
    registry.set_alias(CHAMPION, "1")
    with tracked_run("b", store=store) as tracker:
        tracker.bundle(write_variant(bundle, tmp_path / "b"), ["xin chào"])

    registry.set_alias(CHAMPION, "2")

    assert {x.version: x.aliases for x in registry.versions()} == {
        "2": (CHALLENGER, CHAMPION),
        "1": (),
    }


@pytest.mark.parametrize("state", [State.UNVERIFIED, State.BROKEN])
def test_unverified_version_gets_no_alias(registry: Registry, state: State) -> None:
    """What the store may not give back is not pointed at."""
    registry.mark("1", {"bundle.state": state})

    with pytest.raises(NoModelError, match=state):
        registry.set_alias(CHAMPION, "1")

    assert registry.champion() is None


def test_changed_store_is_noticed(registry: Registry, tmp_path: Path) -> None:
    """A bundle whose files somebody changed in the store is not handed out."""
    (kept,) = (tmp_path / "artifacts").rglob(f"*/{CARD_FILE}")
    kept.write_text("another card")

    with pytest.raises(BundleCorruptError):
        registry.resolve("1", tmp_path / "got")


def test_swapped_bundle_is_noticed(
    registry: Registry, bundle: Path, tmp_path: Path
) -> None:
    """A whole bundle in the place of another is not handed out either."""
    (card,) = (tmp_path / "artifacts").rglob(f"*/{CARD_FILE}")
    other = write_variant(bundle, tmp_path / "other")
    for path in other.iterdir():
        (card.parent / path.name).write_bytes(path.read_bytes())

    with pytest.raises(StoreError, match="not sha256:"):
        registry.resolve("1", tmp_path / "got")


def test_lost_file_is_noticed(registry: Registry, tmp_path: Path) -> None:
    """A bundle of which a file is gone is not handed out, and nothing is left behind."""
    (kept,) = (tmp_path / "artifacts").rglob(f"*/{CARD_FILE}")
    kept.unlink()

    with pytest.raises(BundleMissingError):
        registry.resolve("1", tmp_path / "got")

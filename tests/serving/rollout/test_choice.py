"""Who names a model gets that one, or hears what there is."""

import shutil
from pathlib import Path

import pytest

from kiemtin.models_folder import Found, find_bundles
from serving.errors import ModelAmbiguousError, ModelUnknownError
from serving.rollout.choice import choose


@pytest.fixture
def bundles(bundle: Path, models: Path) -> list[Found]:
    """Versions 1, 2 and 3, and 3 in a second folder."""
    shutil.copytree(models / "tiny-3", models / "tiny-3-again")
    found = [Found.at(bundle), *find_bundles(models)]
    return [x for x in found if x]


def _choose(
    bundles: list[Found],
    name: str = "tiny",
    *,
    digest: str | None = None,
    version: str | None = None,
) -> Path:
    active = bundles[0].digest
    return choose(bundles, name, digest=digest, version=version, active=active).folder


def test_by_version_or_digest(bundles: list[Found], models: Path) -> None:
    """Either is enough, and both must fit."""
    two, three = bundles[1], bundles[2]

    assert _choose(bundles, version="2") == models / "tiny-2"
    assert _choose(bundles, digest=three.digest) == models / "tiny-3"
    assert _choose(bundles, digest=two.digest, version="2") == models / "tiny-2"
    with pytest.raises(ModelUnknownError):
        _choose(bundles, digest=two.digest, version="3")


def test_the_only_other_one_needs_no_name(bundles: list[Found], models: Path) -> None:
    """Where there are two, what is not active is meant."""
    assert _choose(bundles[:2]) == models / "tiny-2"


def test_several_are_told_apart_by_their_digest(bundles: list[Found]) -> None:
    """The error says what there is to choose from; equal ones count once."""
    with pytest.raises(ModelAmbiguousError) as e:
        _choose(bundles)

    assert f"tiny 2 ({bundles[1].digest}), tiny 3 ({bundles[2].digest})" in str(e.value)
    assert str(e.value).count("tiny 3") == 1


@pytest.mark.parametrize(
    ("name", "version", "n"), [("other", None, 3), ("tiny", "9", 3), ("tiny", None, 1)]
)
def test_nobody_is_meant(
    bundles: list[Found], name: str, version: str | None, n: int
) -> None:
    """The error says what there is."""
    with pytest.raises(ModelUnknownError, match="there are tiny 1"):
        _choose(bundles[:n], name, version=version)

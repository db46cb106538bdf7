"""The wide part of a run is learnt once, and anew if it would come out otherwise."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiemtin.labels import Label
from kiemtin.manifest import WIDE_FILE, Mixing
from kiemtin.wide import WidePart
from tests.fixtures.tiny_bundle import wide_part
from tests.fixtures.wide_rows import wide_recipe, wide_rows
from training.recipes import TrainRecipe
from training.rows import Pool
from training.splits import Split
from training.wide import keeping
from training.wide.keeping import wide_of_run

POOL = Pool(
    {s: wide_rows() if s is Split.TRAIN else [] for s in Split},
    digest="sha256:1",
    split_version=1,
    set_aside={},
    left_out={},
)
SPEC_FILE = "wide.json"
SECTION = {"bits": 12, "least_rows": 20}


@pytest.fixture
def learnt(monkeypatch: pytest.MonkeyPatch) -> list[TrainRecipe]:
    """The recipes that something was learnt by; what comes out is always the same."""
    recipes: list[TrainRecipe] = []

    def learn(recipe: TrainRecipe, *_: object) -> WidePart:
        recipes.append(recipe)
        return wide_part()

    monkeypatch.setattr(keeping, "learn_wide", learn)
    return recipes


def _says(part: WidePart | None) -> list[float]:
    assert part is not None
    return list(part.logits("giao hàng sim số"))


def test_second_call_reads_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that goes on finds its wide part, and learns nothing again."""
    first = wide_of_run(wide_recipe(), POOL, tmp_path)
    monkeypatch.setattr(keeping, "learn_wide", lambda *_: pytest.fail("it learnt"))

    again = wide_of_run(wide_recipe(), POOL, tmp_path)

    assert first is not None
    assert again is not None
    assert again.spec == first.spec
    assert again.spec.mixing == dict.fromkeys(Label, Mixing(network=1, wide=0))
    assert _says(again) == _says(first)
    assert {p.name for p in tmp_path.iterdir()} == {WIDE_FILE, SPEC_FILE}


def test_recipe_without_one_has_none(tmp_path: Path) -> None:
    """Where the network speaks alone nothing is learnt and nothing is written."""
    recipe = wide_recipe().model_copy(update={"wide": None})

    assert wide_of_run(recipe, POOL, tmp_path) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 8},
        {"wide": SECTION | {"strength": 2.0}},
        {"wide": SECTION | {"absent_logit": -3.0}},
        {"augment": {"perturbed": {}, "unpunctuated": 0, "words_dropped": 0}},
        {"assumed_negative": [{"label": "spam", "corpora": ["victsd"], "weight": 0.5}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_decides_it_has_it_learnt_anew(
    tmp_path: Path, learnt: list[TrainRecipe], change: dict[str, Any]
) -> None:
    """Another seed, strength, augmentation or assumption makes another wide part."""
    recipes = [wide_recipe(), wide_recipe(**change)]
    for recipe in (*recipes, recipes[-1]):
        wide_of_run(recipe, POOL, tmp_path)

    assert learnt == recipes


def test_other_rows_have_it_learnt_anew(
    tmp_path: Path, learnt: list[TrainRecipe]
) -> None:
    """What was prepared otherwise is learnt from again."""
    for digest in ("sha256:1", "sha256:2"):
        wide_of_run(wide_recipe(), replace(POOL, digest=digest), tmp_path)

    assert len(learnt) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"name": "other"},
        {"version": "9"},
        {"pooling": dict.fromkeys(Label, "mean")},
        {"calibration": {"folds": 3}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_does_not_decide_it_leaves_it(
    tmp_path: Path, learnt: list[TrainRecipe], change: dict[str, Any]
) -> None:
    """A name, or what is chosen later, is no reason to learn again."""
    wide_of_run(wide_recipe(), POOL, tmp_path)
    wide_of_run(wide_recipe(**change), POOL, tmp_path)

    assert len(learnt) == 1


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (SPEC_FILE, None),
        (SPEC_FILE, 0),
        (SPEC_FILE, 40),
        (WIDE_FILE, None),
        (WIDE_FILE, 0),
        (WIDE_FILE, 400),
    ],
)
def test_what_is_half_written_is_learnt_anew(
    tmp_path: Path, learnt: list[TrainRecipe], name: str, kept: int | None
) -> None:
    """Stopped while it wrote, a run begins this part again, and then it is whole."""
    wide_of_run(wide_recipe(), POOL, tmp_path)
    path = tmp_path / name
    whole = path.read_bytes()
    path.unlink() if kept is None else path.write_bytes(whole[:kept])

    found = [wide_of_run(wide_recipe(), POOL, tmp_path) for _ in range(2)]

    assert len(learnt) == 2
    assert [_says(x) for x in found] == [_says(wide_part())] * 2
    assert path.read_bytes() == whole


def test_part_of_another_run_is_not_taken_for_this_one(
    tmp_path: Path, learnt: list[TrainRecipe], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped between its two files, a run leaves no weights under another's name."""
    first, second = wide_recipe(), wide_recipe(seed=8)
    wide_of_run(first, POOL, tmp_path)

    save = WidePart.save

    def stop(part: WidePart, path: Path) -> None:
        save(part, path)
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(WidePart, "save", stop)
        with pytest.raises(KeyboardInterrupt):
            wide_of_run(second, POOL, tmp_path)

    assert _says(wide_of_run(first, POOL, tmp_path)) == _says(wide_part())
    assert learnt == [first, second, first]

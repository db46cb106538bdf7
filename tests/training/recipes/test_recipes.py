"""A recipe says everything, and nothing that is not understood."""

from pathlib import Path

import pytest

from training.errors import RecipeError
from training.pretraining.recipe import PretrainRecipe
from training.recipes import TrainRecipe, load_recipe, parse_recipe, read_values

KINDS: dict[str, type[TrainRecipe] | type[PretrainRecipe]] = {
    "compact": TrainRecipe,
    "compact-again": TrainRecipe,
    "smoke": TrainRecipe,
    "pretrain-compact": PretrainRecipe,
    "pretrain-large": PretrainRecipe,
    "pretrain-smoke": PretrainRecipe,
}


@pytest.mark.parametrize("name", KINDS)
def test_our_recipes_are_valid(name: str) -> None:
    """Every recipe that comes with the package can be read."""
    kind = KINDS[name]

    assert isinstance(load_recipe(name, kind), kind)


def test_unknown_key_is_refused(tmp_path: Path) -> None:
    """A key that nobody reads is an error that names it, not a silent default."""
    path = tmp_path / "mine.toml"
    path.write_text('colour = "red"')

    with pytest.raises(RecipeError, match="colour"):
        load_recipe(str(path), TrainRecipe)


def test_recipe_extends_another(tmp_path: Path) -> None:
    """What it says nothing of is what the other says, key by key."""
    path = tmp_path / "mine.toml"
    path.write_text('extends = "compact"\nseed = 3\n[fine_tune]\nepochs = 1\n')

    mine, theirs = (load_recipe(x, TrainRecipe) for x in (str(path), "compact"))

    fine_tune = theirs.fine_tune.model_copy(update={"epochs": 1})
    assert mine == theirs.model_copy(update={"seed": 3, "fine_tune": fine_tune})
    assert mine != theirs


def test_recipe_that_extends_itself_is_refused(tmp_path: Path) -> None:
    """Round and round, by itself or by way of another: said, with the way."""
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    one.write_text(f'extends = "{other}"')
    other.write_text(f'extends = "{one}"')

    with pytest.raises(RecipeError, match=r"one.toml extends .*other.toml extends"):
        load_recipe(str(one), TrainRecipe)


def test_unknown_recipe_names_those_there_are() -> None:
    """A wrong name is answered with the right ones."""
    with pytest.raises(RecipeError, match="compact"):
        load_recipe("compcat", TrainRecipe)


@pytest.mark.parametrize(
    "change",
    [
        {"absent_below": {"scam": 0}},
        {"absent_below": {"scam": 1.5}},
        {"absent_below": {"fake": 0.5}},
        {"absent_logit": 0},
        {"bits": 23},
    ],
)
def test_wide_part_that_no_bundle_could_hold_is_refused(
    change: dict[str, object],
) -> None:
    """It is refused before anything is learnt, not when the bundle is written."""
    values = read_values("smoke") | {"wide": change}

    with pytest.raises(RecipeError, match=rf"wide\.{next(iter(change))}"):
        parse_recipe(values, TrainRecipe, name="mine")


def test_broken_toml_is_refused(tmp_path: Path) -> None:
    """A file that is not TOML is an error of the recipe."""
    path = tmp_path / "mine.toml"
    path.write_text("= 3")

    with pytest.raises(RecipeError, match="mine"):
        load_recipe(str(path), TrainRecipe)

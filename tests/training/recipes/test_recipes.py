"""A recipe says everything, and nothing that is not understood."""

from pathlib import Path

import pytest

from training.errors import RecipeError
from training.pretraining.recipe import PretrainRecipe
from training.recipes import TrainRecipe, load_recipe

KINDS: dict[str, type[TrainRecipe] | type[PretrainRecipe]] = {
    "compact": TrainRecipe,
    "smoke": TrainRecipe,
    "pretrain-compact": PretrainRecipe,
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


def test_unknown_recipe_names_those_there_are() -> None:
    """A wrong name is answered with the right ones."""
    with pytest.raises(RecipeError, match="compact"):
        load_recipe("compcat", TrainRecipe)


def test_broken_toml_is_refused(tmp_path: Path) -> None:
    """A file that is not TOML is an error of the recipe."""
    path = tmp_path / "mine.toml"
    path.write_text("= 3")

    with pytest.raises(RecipeError, match="mine"):
        load_recipe(str(path), TrainRecipe)

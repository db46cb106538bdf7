"""The recipes of encoders."""

from pathlib import Path

import pytest

import training.recipes
from kiemtin.text.steps.placeholders import PLACEHOLDERS
from training.errors import RecipeError
from training.pretraining.recipe import PretrainRecipe
from training.recipes import load_recipe, parse_recipe, read_values

OURS = sorted(Path(training.recipes.__file__).parent.glob("pretrain-*.toml"))


@pytest.mark.parametrize("path", OURS, ids=lambda p: p.stem)
def test_our_recipes_hold(path: Path) -> None:
    """Each of ours is valid, and its tokens fit into uint16."""
    recipe = load_recipe(path.stem, PretrainRecipe)

    assert len(PLACEHOLDERS) < recipe.shape.vocab_size <= 2**16
    assert recipe.shape.hidden_size % recipe.shape.num_attention_heads == 0


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("perturbed", {"shouted": 0.1}, "no perturbation 'shouted'"),
        ("perturbed", {"typos": 0.6, "teencode": 0.6}, "no parts of one whole"),
        ("stripped", 1.2, "stripped"),
        ("dropout", 0.1, "dropout"),
    ],
)
def test_what_makes_no_sense_is_refused(key: str, value: object, said: str) -> None:
    """Unknown perturbations, shares beyond the whole and unknown keys are errors."""
    values = {**read_values("pretrain-smoke"), key: value}

    with pytest.raises(RecipeError, match=said):
        parse_recipe(values, PretrainRecipe, name="pretrain-smoke")


def test_what_is_examined_is_avoided() -> None:
    """Our recipes for encoders that are used leave dev and test texts out."""
    used = [p.stem for p in OURS if p.stem != "pretrain-smoke"]

    assert all(load_recipe(name, PretrainRecipe).avoid for name in used)

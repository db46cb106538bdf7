"""What a bundle's recipe asks of thresholds."""

from pathlib import Path

import pytest

from kiemtin.manifest import RECIPE_FILE
from training.calibrating.asking import asked_by
from training.errors import RecipeError

RECIPE = """
name = "old"
corpora = ["vihsd"]
attention = "a key that nobody has any more"
[[assumed_negative]]
label = "spam"
corpora = ["vihsd"]
weight = 0.5
[thresholds]
urgent_precision = 0.9
protected_flagged = 0.08
others_flagged = 0.05
grid = 7
"""


def _written(folder: Path, text: str) -> Path:
    (folder / RECIPE_FILE).write_text(text, encoding="utf-8")
    return folder


def test_older_recipe_is_read(tmp_path: Path) -> None:
    """Keys that a recipe of another time has do not matter; those it lacks have values."""
    asked = asked_by(_written(tmp_path, RECIPE), {})

    assert asked.corpora == ("vihsd",)
    assert asked.assumed_negative[0].label == "spam"
    assert asked.thresholds.protected_flagged == 0.08
    assert asked.thresholds.protected_ratio == 1.5


def test_what_was_typed_goes_before(tmp_path: Path) -> None:
    """Options of the command line stand for keys of the recipe."""
    asked = asked_by(_written(tmp_path, RECIPE), {"budget": 0.02})

    assert asked.thresholds.budget == 0.02


@pytest.mark.parametrize(
    ("text", "changes", "said"),
    [
        ("", {}, "corpora"),
        ("corpora = [", {}, "recipe.toml"),
        (RECIPE.split("[[", maxsplit=1)[0], {}, "urgent_precision"),
        (RECIPE, {"budget": 0}, "budget"),
    ],
    ids=["empty", "no toml", "no thresholds", "out of range"],
)
def test_a_recipe_that_does_not_say(
    tmp_path: Path, text: str, changes: dict[str, float], said: str
) -> None:
    """What is missing or impossible is named."""
    with pytest.raises(RecipeError, match=said):
        asked_by(_written(tmp_path, text), changes)

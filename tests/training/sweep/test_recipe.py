"""A sweep is checked as a whole before anything is trained."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.errors import RecipeError
from training.recipes import TrainRecipe, load_recipe, merge, parse_recipe
from training.sweep.recipe import SweepRecipe, load_sweep

SWEEP: dict[str, Any] = {
    "name": "rates",
    "base": "smoke",
    "set": {"fine_tune": {"epochs": 2}},
    "variant": [{"name": "a"}, {"name": "b", "set": {"fine_tune": {"dropout": 0.3}}}],
    "choose": {"figure": "mean.auc"},
}
TREES = st.recursive(
    st.integers(), lambda inner: st.dictionaries(st.sampled_from("abc"), inner)
).filter(lambda x: isinstance(x, dict))


def _sweep(**changes: object) -> SweepRecipe:
    return parse_recipe({**SWEEP, **changes}, SweepRecipe, name="rates")


def test_variants_differ_in_what_they_set() -> None:
    """All else is the base with what is shared, and each has a name of its own."""
    recipes = _sweep().recipes()
    base = load_recipe("smoke", TrainRecipe)

    assert [r.name for r in recipes.values()] == ["rates-a", "rates-b"]
    assert {r.fine_tune.epochs for r in recipes.values()} == {2}
    assert recipes["b"].fine_tune.dropout == 0.3
    assert recipes["a"].fine_tune == base.fine_tune.model_copy(update={"epochs": 2})
    assert recipes["a"].augment == base.augment


def test_a_key_that_no_recipe_has_is_refused() -> None:
    """A slip in a variant is found at once, and the message names it."""
    sweep = _sweep(variant=[{"name": "a", "set": {"fine_tune": {"epoch": 3}}}])

    with pytest.raises(RecipeError, match=r"rates-a: fine_tune\.epoch"):
        sweep.recipes()


@pytest.mark.parametrize(
    "changes",
    [
        {"variant": []},
        {"variant": [{"name": "a"}, {"name": "a"}]},
        {"variant": [{"name": "a/b"}]},
        {"choose": {"figure": "mean.auc", "limits": [{"figure": "x"}]}},
        {"choose": {"figure": "x", "limits": [{"figure": "x", "least": 1, "most": 2}]}},
        {"surprise": 1},
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    """No variants, two of one name, a name that is a path, a limit without a bound."""
    with pytest.raises(RecipeError, match="rates"):
        _sweep(**changes)


def test_our_sweep_is_in_order() -> None:
    """The sweep of mitigations resolves, and its first variant mitigates nothing."""
    sweep = load_sweep("mitigation")
    recipes = list(sweep.recipes().values())

    assert recipes[0].mitigation.model_dump(exclude_defaults=True) == {}
    same = {"name": "", "mitigation": recipes[0].mitigation}
    first, *others = (r.model_copy(update=same) for r in recipes)
    assert all(r == first for r in others)


def test_a_sweep_of_yours_is_a_path(tmp_path: Path) -> None:
    """Dotted keys in TOML are what they look like."""
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "mine"\nbase = "smoke"\nset.fine_tune.epochs = 3\n'
        '[choose]\nfigure = "mean.auc"\n[[variant]]\nname = "a"\n'
    )

    assert load_sweep(str(path)).recipes()["a"].fine_tune.epochs == 3


def test_an_unknown_sweep_is_refused() -> None:
    """The message says what there is."""
    with pytest.raises(RecipeError, match="sweep-mitigation"):
        load_sweep("nothing")


@given(TREES, TREES)
def test_merging_keeps_what_is_not_set(values: Any, changes: Any) -> None:
    """Merged with itself a table is itself; changes win, and are there afterwards."""
    merged = merge(values, changes)

    assert merge(values, {}) == merge(values, values) == values
    assert merge(merged, changes) == merged
    assert merged.keys() == values.keys() | changes.keys()

"""What a sweep says: a recipe, how its variants differ, and by what rule one wins."""

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from training.recipes import (
    Section,
    TrainRecipe,
    load_recipe,
    merge,
    parse_recipe,
    read_values,
)

_SLUG = r"^[a-z0-9][a-z0-9_-]*$"


class Variant(Section):
    """One way to change the recipe."""

    name: str = Field(pattern=_SLUG)
    set: dict[str, Any] = Field(default_factory=dict)
    """Keys of the recipe, as ``mitigation.swapped = 0.5``."""


class Limit(Section):
    """What a winner must keep; one of the three bounds."""

    figure: str
    least: float | None = None
    most: float | None = None
    lost: float | None = Field(default=None, ge=0)
    """It may be so much below the first variant."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if [self.least, self.most, self.lost].count(None) != 2:  # noqa: PLR2004 - of three
            msg = f"the limit of {self.figure} is one of least, most and lost"
            raise ValueError(msg)
        return self


class Choice(Section):
    """The rule by which a variant wins, fixed before anything is trained."""

    figure: str
    """Of dev or of the dev half of protected speech; sweeps never see test."""
    best: Literal["highest", "lowest"] = "highest"
    limits: tuple[Limit, ...] = ()


class SweepRecipe(Section):
    """A recipe and its variants; the first one is what the others are held against."""

    name: str = Field(pattern=_SLUG)
    base: str
    """One of our recipes of ``kiemtin train``, or a TOML file."""
    set: dict[str, Any] = Field(default_factory=dict)
    """What all variants change, such as how long they train."""
    variants: tuple[Variant, ...] = Field(alias="variant", min_length=1)
    choose: Choice
    show: tuple[str, ...] = ()
    """Figures that the table shows beside those that it always shows."""

    @field_validator("variants")
    @classmethod
    def _unique(cls, variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
        names = [v.name for v in variants]
        if len(set(names)) < len(names):
            msg = f"two variants share a name: {', '.join(names)}"
            raise ValueError(msg)
        return variants

    def recipes(self) -> dict[str, TrainRecipe]:
        """
        Return the resolved recipe of each variant.

        Raises:
            RecipeError: If the base is not there, or a variant sets what no recipe has.
        """
        base = read_values(self.base)
        return {v.name: self._recipe(base, v) for v in self.variants}

    def _recipe(self, base: dict[str, Any], variant: Variant) -> TrainRecipe:
        name = f"{self.name}-{variant.name}"
        values = merge(merge(base, self.set), variant.set)
        return parse_recipe(values | {"name": name}, TrainRecipe, name=name)


def load_sweep(name: str) -> SweepRecipe:
    """
    Return the sweep called *name*, ours from ``sweep-NAME.toml`` or a TOML file.

    Raises:
        RecipeError: If there is none, or a key is unknown, missing or out of range.
    """
    is_file = Path(name).suffix == ".toml"
    return load_recipe(name if is_file else f"sweep-{name}", SweepRecipe)

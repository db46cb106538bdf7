"""Recipes: everything that decides a run, in one TOML file, with nothing hidden."""

from training.recipes.loading import (
    Section,
    load_recipe,
    merge,
    parse_recipe,
    read_values,
)
from training.recipes.training import TrainRecipe

__all__ = [
    "Section",
    "TrainRecipe",
    "load_recipe",
    "merge",
    "parse_recipe",
    "read_values",
]

"""Read a recipe: one of ours by its name, or a TOML file of yours."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from training.errors import RecipeError

R = TypeVar("R", bound=BaseModel)


class Section(BaseModel):
    """A part of a recipe: frozen, and without keys that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def load_recipe(name: str, kind: type[R]) -> R:
    """
    Return the recipe called *name*, one of ours or a path to a TOML file.

    Raises:
        RecipeError: If there is none, or a key is unknown, missing or out of range.
    """
    return parse_recipe(read_values(name), kind, name=name)


def parse_recipe(values: dict[str, Any], kind: type[R], *, name: str) -> R:
    """
    Return *values* as a recipe of a *kind*.

    Raises:
        RecipeError: If a key is unknown, missing or out of range.
    """
    try:
        return kind.model_validate(values)
    except ValidationError as e:
        problems = "; ".join(
            f"{'.'.join(map(str, x['loc'])) or 'recipe'}: {x['msg']}"
            for x in e.errors()
        )
        msg = f"recipe {name}: {problems}"
        raise RecipeError(msg) from e


def read_values(name: str, *, extended_by: tuple[str, ...] = ()) -> dict[str, Any]:
    """
    Return the keys of the recipe called *name*, with those of the one that it extends.

    Args:
        name: One of ours or a path to a TOML file. Its key ``extends`` names another
            recipe, whose keys hold where it says nothing else.
        extended_by: Those that led here.

    Raises:
        RecipeError: If there is none, it is not TOML, or it extends itself.
    """
    try:
        values = tomllib.loads(_text(name))
    except (UnicodeError, tomllib.TOMLDecodeError) as e:
        msg = f"recipe {name}: {e}"
        raise RecipeError(msg) from e
    if "extends" not in values:
        return values
    extended = str(values.pop("extends"))
    way = (*extended_by, name)
    if extended in way:
        msg = f"recipe {name}: extends: {' extends '.join([*way, extended])}"
        raise RecipeError(msg)
    return merge(read_values(extended, extended_by=way), values)


def merge(values: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return *values* with *changes*, table by table; a list is replaced as a whole."""
    merged = dict(values)
    for key, new in changes.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            merged[key] = merge(old, new)
        else:
            merged[key] = new
    return merged


def _text(name: str) -> str:
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return path.read_text(encoding="utf-8")
    ours = resources.files("training") / "recipes"
    found = ours / f"{name}.toml"
    if not found.is_file():
        files = (Path(f.name) for f in ours.iterdir())
        known = sorted(f.stem for f in files if f.suffix == ".toml")
        msg = f"no recipe {name!r}; there are {', '.join(known)}"
        raise RecipeError(msg)
    return found.read_text(encoding="utf-8")

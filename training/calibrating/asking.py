"""What a bundle's recipe asks of thresholds, whichever code wrote that recipe."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from kiemtin.manifest import RECIPE_FILE
from training.corpora.sources import Permission
from training.errors import RecipeError
from training.recipes.outcome import ThresholdSection
from training.recipes.tuning import AssumedNegative


class Asked(BaseModel):
    """The part of a recipe by which thresholds are chosen; other keys do not matter."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    corpora: tuple[str, ...]
    permission: Permission = Permission.UNSTATED
    assumed_negative: tuple[AssumedNegative, ...] = ()
    thresholds: ThresholdSection


def asked_by(bundle: Path, changes: dict[str, Any]) -> Asked:
    """
    Return what the recipe of *bundle* asks, with *changes* of its thresholds.

    Keys of thresholds that an older recipe has and this code has not are passed over.

    Raises:
        RecipeError: If the recipe has no corpora, no thresholds or impossible ones.
    """
    path = bundle / RECIPE_FILE
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        section = values.get("thresholds", {}) | changes
        known = {k: v for k, v in section.items() if k in ThresholdSection.model_fields}
        return Asked.model_validate(values | {"thresholds": known})
    except (OSError, ValueError) as e:
        said = _problems(e) if isinstance(e, ValidationError) else str(e)
        msg = f"{path} does not say how thresholds are chosen: {said}"
        raise RecipeError(msg) from e


def _problems(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, x['loc']))}: {x['msg']}" for x in error.errors()
    )

"""The wide part of a run, learnt once and kept among its checkpoints."""

import hashlib
import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kiemtin.errors import BundleCorruptError
from kiemtin.manifest import WIDE_FILE, Wide
from kiemtin.text import NORMALIZER_VERSION
from kiemtin.wide import WidePart
from training.recipes import TrainRecipe
from training.rows import Pool
from training.splits import Split
from training.wide.learning import learn_wide

_SPEC_FILE = "wide.json"


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    made_of: str
    spec: Wide


def wide_of_run(recipe: TrainRecipe, pool: Pool, work: Path) -> WidePart | None:
    """
    Return the wide part that *recipe* asks for, learnt now unless it is in *work*.

    Its mixing is still that of a network alone.

    Raises:
        RecipeError: If no corpus has as many rows as make a kind of text.
    """
    if not recipe.wide:
        return None
    made_of = _digest(recipe, pool)
    if kept := _read(work, made_of):
        return kept
    part = learn_wide(recipe, recipe.wide, pool.rows[Split.TRAIN])
    spec = work / _SPEC_FILE
    spec.unlink(missing_ok=True)
    part.save(work / WIDE_FILE)
    # Last: what it names is whole.
    spec.write_text(_Kept(made_of=made_of, spec=part.spec).model_dump_json())
    return part


def _read(work: Path, made_of: str) -> WidePart | None:
    """Return what is kept in *work*, unless it is of something else, or not whole."""
    try:
        kept = _Kept.model_validate_json((work / _SPEC_FILE).read_bytes())
        if kept.made_of == made_of:
            return WidePart.load(work / WIDE_FILE, kept.spec)
    except (FileNotFoundError, ValidationError, BundleCorruptError):
        pass
    return None


def _digest(recipe: TrainRecipe, pool: Pool) -> str:
    keys = {
        "recipe": recipe.model_dump(
            mode="json",
            include={
                "seed",
                "corpora",
                "permission",
                "max_rows",
                "segmenter",
                "augment",
                "assumed_negative",
                "wide",
            },
        ),
        "rows": pool.digest,
        "normalizer": NORMALIZER_VERSION,
    }
    return hashlib.sha256(json.dumps(keys, sort_keys=True).encode()).hexdigest()

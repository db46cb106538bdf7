"""What training leaves for export: a network, and how its logits are to be read."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import tomli_w
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModel

from kiemtin.errors import BundleError
from kiemtin.labels import Label
from kiemtin.manifest import (
    MANIFEST_FILE,
    RECIPE_FILE,
    TOKENIZER_FILE,
    WIDE_FILE,
    Calibration,
    Thresholds,
    Variant,
    Wide,
)
from kiemtin.scoring import Scorer
from kiemtin.wide import WidePart, read_wide
from training.errors import CheckpointError
from training.finetuning.model import MultiHeadClassifier
from training.finetuning.unpacking import unpack_network
from training.recipes import TrainRecipe, load_recipe

WEIGHTS_FILE, CONFIG_FILE, STATE_FILE = (
    "network.safetensors",
    "config.json",
    "state.json",
)
_OF_TRAINING = "corpus_bias."


@dataclass(frozen=True)
class Trained:
    """
    Everything that a bundle is made of, but for what is measured.

    Attributes:
        network: On the processor, without adapters.
        tokenizer: Its file.
        recipe: By which it was trained.
        calibration: Of each label.
        thresholds: Of each label.
        sharpness: Of each label whose windows are pooled smoothly.
        wide: The wide part, mixing and all, if there is one.
        calibration_losses: Log loss out of fold of each way to calibrate, by label.
        weights_from: What the weights were kept in, if they come out of a bundle.
    """

    network: MultiHeadClassifier
    tokenizer: Path
    recipe: TrainRecipe
    calibration: dict[Label, Calibration]
    thresholds: dict[Label, Thresholds]
    sharpness: dict[Label, float] = field(default_factory=dict)
    wide: WidePart | None = None
    calibration_losses: dict[Label, dict[str, float]] = field(default_factory=dict)
    weights_from: Variant = "fp32"


class State(BaseModel):
    """What ``state.json`` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    calibration: dict[Label, Calibration]
    thresholds: dict[Label, Thresholds]
    sharpness: dict[Label, float]
    wide: Wide | None = None
    calibration_losses: dict[Label, dict[str, float]]


def keep_trained(trained: Trained, folder: Path) -> None:
    """Write *trained* to *folder*, in full precision, to be exported again."""
    aside = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    weights = {
        name: weight.contiguous()
        for name, weight in trained.network.state_dict().items()
        if not name.startswith(_OF_TRAINING)
    }
    save_file(weights, aside / WEIGHTS_FILE)
    config = trained.network.encoder.config.to_json_string(use_diff=False)
    (aside / CONFIG_FILE).write_text(config, encoding="utf-8")
    shutil.copyfile(trained.tokenizer, aside / TOKENIZER_FILE)
    (aside / RECIPE_FILE).write_text(dump_recipe(trained.recipe), encoding="utf-8")
    state = State(
        calibration=trained.calibration,
        thresholds=trained.thresholds,
        sharpness=trained.sharpness,
        wide=trained.wide.spec if trained.wide else None,
        calibration_losses=trained.calibration_losses,
    )
    if trained.wide:
        trained.wide.save(aside / WIDE_FILE)
    (aside / STATE_FILE).write_text(state.model_dump_json(indent=2), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    aside.rename(folder)


def read_trained(source: Path) -> Trained:
    """
    Return what was kept in *source*: a bundle, or what `keep_trained` wrote.

    Raises:
        CheckpointError: If it is neither, or not whole.
        BundleError: If it is a bundle that does not hold, or was made for other code.
        EncoderMissingError: If its graph cannot be taken apart.
        RecipeError: If its recipe is not one of this code.
    """
    if (source / MANIFEST_FILE).is_file():
        return _read_bundle(source)
    try:
        return _read_kept(source)
    except (
        OSError,
        ValidationError,
        SafetensorError,
        RuntimeError,
        ValueError,
        BundleError,
    ) as e:
        msg = f"{source} holds no network that training kept, and is no bundle: {e}"
        raise CheckpointError(msg) from e


def dump_recipe(recipe: TrainRecipe) -> str:
    """Return *recipe* in TOML."""
    # TOML has no null: what is not set is left out.
    return tomli_w.dumps(recipe.model_dump(mode="json", exclude_none=True))


def _read_bundle(bundle: Path) -> Trained:
    manifest = Scorer.load(bundle).manifest
    return Trained(
        unpack_network(bundle),
        bundle / TOKENIZER_FILE,
        load_recipe(str(bundle / RECIPE_FILE), TrainRecipe),
        manifest.calibration,
        manifest.thresholds,
        manifest.sharpness,
        read_wide(bundle, manifest),
        weights_from=manifest.variant,
    )


def _read_kept(folder: Path) -> Trained:
    state = State.model_validate_json((folder / STATE_FILE).read_bytes())
    weights = load_file(folder / WEIGHTS_FILE)
    config = AutoConfig.from_pretrained(folder / CONFIG_FILE)
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    network = MultiHeadClassifier(
        AutoModel.from_config(config, add_pooling_layer=False),  # type: ignore[no-untyped-call]
        n_corpora=1,
        dropout=0.0,
        n_tokens=tokenizer.get_vocab_size(),
    )
    missing, unexpected = network.load_state_dict(weights, strict=False)
    lacking = [x for x in missing if not x.startswith(_OF_TRAINING)]
    if lacking or unexpected:
        msg = f"{WEIGHTS_FILE} does not fit: {', '.join([*lacking, *unexpected])}"
        raise ValueError(msg)
    return Trained(
        network.eval(),
        folder / TOKENIZER_FILE,
        load_recipe(str(folder / RECIPE_FILE), TrainRecipe),
        state.calibration,
        state.thresholds,
        state.sharpness,
        WidePart.load(folder / WIDE_FILE, state.wide) if state.wide else None,
        state.calibration_losses,
    )

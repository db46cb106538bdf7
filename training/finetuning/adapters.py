"""Low-rank adapters (LoRA, arXiv:2106.09685) in place of the encoder's own weights."""

from typing import Any

from peft import LoraConfig, PeftModel, get_peft_model

from training.errors import RecipeError
from training.finetuning.model import MultiHeadClassifier
from training.recipes.tuning import LoraSection


def add_adapters(network: MultiHeadClassifier, section: LoraSection) -> None:
    """
    Freeze the encoder of *network* and give it adapters; the heads train as before.

    Raises:
        RecipeError: If the encoder has none of the modules that are to have one.
    """
    config = LoraConfig(
        r=section.rank,
        lora_alpha=section.alpha,  # type: ignore[arg-type]  # only ever divided
        lora_dropout=section.dropout,
        target_modules=list(section.modules),
    )
    wrapped: Any  # it forwards what it has not to the encoder
    try:
        wrapped = get_peft_model(network.encoder, config)
    except ValueError as e:
        names = ", ".join(section.modules)
        msg = f"lora.modules: the encoder has no module called {names}"
        raise RecipeError(msg) from e
    network.encoder = wrapped


def merge_adapters(network: MultiHeadClassifier) -> None:
    """Add the adapters of *network*, if it has any, to the weights they stand beside."""
    encoder: Any = network.encoder
    if isinstance(encoder, PeftModel):
        network.encoder = encoder.merge_and_unload()

"""In which numbers a machine computes, and on which devices."""

from typing import Literal

import torch
from accelerate import Accelerator, PartialState
from accelerate.state import AcceleratorState

from training.errors import RecipeError
from training.recipes.tuning import FineTuneSection


def new_accelerator(section: FineTuneSection) -> Accelerator:
    """
    Return what places a run on the devices of this process, in the recipe's precision.

    Raises:
        RecipeError: If the machine has no such precision.
    """
    # A sweep trains one recipe after the other, each in its own precision, and
    # accelerate keeps the first for the whole process.
    AcceleratorState._reset_state()  # noqa: SLF001 -- there is no public way
    return Accelerator(mixed_precision=choose_precision(section))


def choose_precision(section: FineTuneSection) -> Literal["no", "bf16", "fp16"]:
    """
    Return the precision of *section* on this machine, as accelerate calls it.

    Raises:
        RecipeError: If it is fp16, which only graphics cards train in.
    """
    device = PartialState().device.type
    match section.precision:
        case "fp32":
            return "no"
        case "fp16" if device != "cuda":
            msg = f"fine_tune.precision is fp16, in which a {device} does not train"
            raise RecipeError(msg)
        case "auto":
            return "bf16" if _computes_bf16(device) else "no"
        case named:
            return named


def _computes_bf16(device: str) -> bool:
    """Return whether there are instructions for it, not only ways around them."""
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    found = torch.cpu.get_capabilities()
    return device == "cpu" and bool(found.get("avx512_bf16") or found.get("amx_bf16"))

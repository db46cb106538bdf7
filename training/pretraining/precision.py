"""In which numbers a machine computes."""

from typing import Literal

import torch


def autocast(
    precision: Literal["auto", "fp32", "bf16"], device: torch.device
) -> torch.autocast:
    """Return the context to compute in; auto is bf16 where the *device* has it."""
    is_bf16 = _has_bf16(device) if precision == "auto" else precision == "bf16"
    return torch.autocast(device.type, torch.bfloat16, enabled=is_bf16)


def _has_bf16(device: torch.device) -> bool:
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    # Where a processor has no instructions for it, bf16 is slower than fp32.
    found = torch.cpu.get_capabilities()
    return bool(found.get("avx512_bf16") or found.get("amx_bf16"))

"""A machine computes in bf16 only where it has instructions for it, or is told to."""

import pytest
import torch

from training.pretraining.precision import autocast

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("precision", "expected"), [("fp32", torch.float32), ("bf16", torch.bfloat16)]
)
def test_a_recipe_can_say(precision: str, expected: torch.dtype) -> None:
    """Told which, any machine multiplies in these numbers."""
    a = torch.ones(4, 4)

    with autocast(precision, CPU):  # type: ignore[arg-type]
        assert (a @ a).dtype == expected


def test_auto_asks_the_machine() -> None:
    """Left to itself, a processor without bf16 instructions computes in fp32."""
    found = torch.cpu.get_capabilities()
    has_bf16 = bool(found.get("avx512_bf16") or found.get("amx_bf16"))

    with autocast("auto", CPU):
        assert torch.is_autocast_enabled("cpu") == has_bf16

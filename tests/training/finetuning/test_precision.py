"""The precision of a recipe is one that the machine has."""

import pytest
import torch
from accelerate import PartialState

from tests.fixtures.fine_tuning import small_recipe
from training.errors import RecipeError
from training.finetuning.precision import choose_precision, new_accelerator

WITHOUT_CARD = pytest.mark.skipif(
    torch.cuda.is_available(), reason="a card trains in it"
)


@WITHOUT_CARD
def test_auto_is_what_the_processor_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bfloat16 is taken where there are instructions for it, and only there."""
    section = small_recipe(fine_tune={"precision": "auto"}).fine_tune
    for has, expected in ((True, "bf16"), (False, "no")):
        found = {"avx512_bf16": has, "amx_bf16": False}
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda found=found: found)
        assert choose_precision(section) == expected


@WITHOUT_CARD
def test_half_precision_needs_a_card() -> None:
    """Float16 on a processor is refused before anything is read."""
    section = small_recipe(fine_tune={"precision": "fp16"}).fine_tune

    with pytest.raises(RecipeError, match="cpu"):
        choose_precision(section)


def test_recipes_may_differ_in_one_process() -> None:
    """A sweep trains in one precision after the other."""
    for precision, expected in (("fp32", "no"), ("bf16", "bf16"), ("fp32", "no")):
        section = small_recipe(fine_tune={"precision": precision}).fine_tune
        assert new_accelerator(section).mixed_precision == expected
    assert PartialState().num_processes == 1

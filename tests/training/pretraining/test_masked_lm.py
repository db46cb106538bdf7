"""The network that is pretrained: new, or gone on with."""

from pathlib import Path

import pytest
import torch
from torch import nn

from training.errors import EncoderMissingError
from training.pretraining.masked_lm import MaskedLm, load_model, new_model
from training.pretraining.masking import IGNORED
from training.pretraining.recipe import PretrainRecipe
from training.recipes import load_recipe

SHAPE = load_recipe("pretrain-smoke", PretrainRecipe).shape


def test_loss_is_that_of_what_is_asked() -> None:
    """The loss is that of the whole output at the asked places, and no other."""
    model = new_model(SHAPE)
    ids = torch.randint(5, 2000, (2, 16))
    positions = torch.tensor([[3, 7], [0, 15]])
    targets = torch.tensor([[9, 11], [IGNORED, 6]])

    loss = MaskedLm(model)(ids, positions, targets)

    logits = model(input_ids=ids).logits.log_softmax(-1)
    expected = -(logits[0, 3, 9] + logits[0, 7, 11] + logits[1, 15, 6]) / 3
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)


def test_a_checkpoint_is_gone_on_with(tmp_path: Path) -> None:
    """All weights come back, in fp32, with the output tied to the embeddings."""
    model = new_model(SHAPE)
    nn.Module.to(model, torch.float16).save_pretrained(tmp_path)

    loaded = load_model(tmp_path, SHAPE)

    assert loaded.lm_head.decoder.weight is loaded.get_input_embeddings().weight
    for name, weight in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], weight.float()), name


def test_nothing_to_start_from_is_an_error(tmp_path: Path) -> None:
    """A folder without a checkpoint is named."""
    with pytest.raises(EncoderMissingError, match="no checkpoint"):
        load_model(tmp_path, SHAPE)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"hidden_size": 32}, "hidden_size 64"),
        ({"num_hidden_layers": 3}, "num_hidden_layers 2"),
        ({"window_tokens": 128}, "fewer than 128"),
    ],
)
def test_another_shape_is_refused(
    tmp_path: Path, change: dict[str, int], said: str
) -> None:
    """A checkpoint of another size is refused, with what it has."""
    new_model(SHAPE).save_pretrained(tmp_path)

    with pytest.raises(EncoderMissingError, match=said):
        load_model(tmp_path, SHAPE.model_copy(update=change))

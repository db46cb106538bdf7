"""A masked language model (RoBERTa, arXiv:1907.11692) and its loss."""

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import RobertaConfig, RobertaForMaskedLM

from training.errors import EncoderMissingError
from training.pretraining.masking import BEGIN_ID, IGNORED, PAD_ID
from training.pretraining.recipe import Shape


def new_model(shape: Shape) -> RobertaForMaskedLM:
    """Return an untrained encoder of *shape* with its language-model head."""
    config = RobertaConfig(
        **shape.model_dump(exclude={"window_tokens"}),
        max_position_embeddings=shape.window_tokens + 2,
        pad_token_id=PAD_ID,
        bos_token_id=BEGIN_ID,
        eos_token_id=2,
        type_vocab_size=1,
        # Hardly a sequence is seen twice, so there is nothing to overfit.
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return RobertaForMaskedLM(config)


def load_model(folder: Path, shape: Shape) -> RobertaForMaskedLM:
    """
    Return the model in *folder*, to go on with; a head that it lacks is new.

    Raises:
        EncoderMissingError: If there is none, or it is not of *shape* (the size of its
            vocabulary aside).
    """
    try:
        model: RobertaForMaskedLM = RobertaForMaskedLM.from_pretrained(
            folder,
            dtype=torch.float32,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
    except (OSError, ValueError) as e:
        msg = f"{folder} holds no checkpoint to start from"
        raise EncoderMissingError(msg) from e
    for key, wanted in shape.model_dump(
        exclude={"vocab_size", "window_tokens"}
    ).items():
        if (found := getattr(model.config, key)) != wanted:
            msg = f"{folder} has {key} {found}, the recipe has {wanted}"
            raise EncoderMissingError(msg)
    if model.config.max_position_embeddings < shape.window_tokens + 2:
        msg = f"{folder} reads fewer than {shape.window_tokens} tokens at once"
        raise EncoderMissingError(msg)
    model.tie_weights()
    return model


class MaskedLm(nn.Module):
    """The model as one graph from tokens to loss, so that all of it is compiled."""

    def __init__(self, model: RobertaForMaskedLM) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, positions: Tensor, targets: Tensor) -> Tensor:
        """Return the mean loss; the large output layer sees only what is asked."""
        hidden = self.model.roberta(input_ids=ids).last_hidden_state
        at = positions.unsqueeze(-1).expand(-1, -1, hidden.shape[-1])
        logits = self.model.lm_head(hidden.gather(1, at))
        return nn.functional.cross_entropy(
            logits.float().flatten(0, 1), targets.flatten(), ignore_index=IGNORED
        )

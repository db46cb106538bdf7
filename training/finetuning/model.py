"""The network that is fine-tuned: one encoder, a head for each task, five logits."""

import json
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel, RobertaModel

from kiemtin.labels import HEADS
from training.errors import EncoderMissingError

_MASKED = -10_000.0
UNKNOWN_ID = 3
"""Of ``<unk>``, in RoBERTa and PhoBERT alike."""
_KINDS = ("roberta", "camembert", "xlm-roberta")


class MultiHeadClassifier(nn.Module):
    """
    Windows of tokens in, a logit for each label out, in the order of the labels.

    A head sees the first token beside the mean of all tokens: the mean carries
    what single words say even where the encoder has learned little. While it
    trains, each corpus has a bias of its own for every label, since annotators
    of different sets drew the line differently; it is dropped at export.
    """

    def __init__(
        self,
        encoder: RobertaModel,
        *,
        n_corpora: int,
        dropout: float,
        n_tokens: int | None = None,
    ) -> None:
        """
        Put new heads on an *encoder*.

        Args:
            encoder: A RoBERTa without its pooler.
            n_corpora: How many have a bias of their own.
            dropout: Of the features and inside the heads.
            n_tokens: How many the tokenizer knows. Those beyond the encoder's table
                are read as ``<unk>``, as PhoBERT reads pieces that it lacks.
        """
        super().__init__()
        size = encoder.config.hidden_size
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleDict(
            {
                name: nn.Sequential(
                    nn.Linear(2 * size, size // 2),
                    nn.GELU(),
                    nn.Dropout(dropout),
                    nn.Linear(size // 2, len(labels)),
                )
                for name, labels in HEADS.items()
            }
        )
        self.positions: Tensor
        positions = torch.arange(encoder.config.max_position_embeddings)
        first = (encoder.config.pad_token_id or 0) + 1  # as RoBERTa counts them
        self.register_buffer("positions", positions[None, first:], persistent=False)
        self._n_known = encoder.config.vocab_size
        self._folds = (n_tokens or 0) > self._n_known
        n_labels = sum(map(len, HEADS.values()))
        self.corpus_bias = nn.Embedding(n_corpora, n_labels)
        nn.init.zeros_(self.corpus_bias.weight)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """
        Return logits of shape (windows, labels).

        Args:
            input_ids: Token ids of shape (windows, tokens).
            attention_mask: 1 for a token, 0 for padding; the same shape.
        """
        if self._folds:
            lacking = input_ids >= self._n_known
            input_ids = input_ids.masked_fill(lacking, UNKNOWN_ID)
        # Positions and mask are given here in BERT's plain form: what transformers
        # makes of them by itself, ONNX Runtime does not recognize and fuse.
        mask = attention_mask.to(torch.float32)
        hidden = self.encoder(
            input_ids=input_ids,
            position_ids=self.positions[:, : input_ids.shape[1]],
            attention_mask=(1.0 - mask[:, None, None, :]) * _MASKED,
        ).last_hidden_state
        mask = mask.unsqueeze(-1)
        mean = (hidden * mask).sum(dim=1) / mask.sum(dim=1)
        features = self.dropout(torch.cat([hidden[:, 0], mean], dim=-1))
        return torch.cat([head(features) for head in self.heads.values()], dim=-1)


def require_roberta(folder: Path) -> None:
    """
    Refuse a checkpoint that does not count its positions as RoBERTa does.

    Raises:
        EncoderMissingError: If it is of another kind.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if config.get("model_type") not in _KINDS:
        kind = config.get("model_type")
        msg = f"{folder} is of kind {kind}; an encoder is one of {', '.join(_KINDS)}"
        raise EncoderMissingError(msg)


def load_encoder(folder: Path, *, dropout: float, attention: str) -> RobertaModel:
    """Load a RoBERTa-like encoder from a Hugging Face checkpoint in *folder*."""
    encoder: RobertaModel = AutoModel.from_pretrained(
        folder,
        add_pooling_layer=False,
        local_files_only=True,
        dtype=torch.float32,  # whatever it was kept in
        attn_implementation=attention,
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
    )
    return encoder

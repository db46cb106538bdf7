"""Self-attention as the one operator that ONNX Runtime has for it."""

import copy
from typing import Any

import torch
from torch import Tensor, nn

from training.finetuning.model import MultiHeadClassifier


class FusedAttention(nn.Module):
    """
    What ``RobertaSelfAttention`` computes, for export alone.

    One product makes query, key and value; ``com.microsoft::MultiHeadAttention`` does
    the rest. The optimizer of ONNX Runtime looks for attention among a dozen nodes and
    misses it whenever the exporter writes them otherwise; here there is nothing to find.
    Its own ``Attention`` would hold the product, too, where no weight can be int8.
    """

    def __init__(self, own: nn.Module) -> None:
        super().__init__()
        parts: list[Any] = [own.query, own.key, own.value]
        self.n_heads = int(own.num_attention_heads)  # type: ignore[arg-type]
        self.qkv = nn.Linear(parts[0].in_features, sum(p.out_features for p in parts))
        self.qkv.weight = nn.Parameter(torch.cat([p.weight for p in parts]))
        self.qkv.bias = nn.Parameter(torch.cat([p.bias for p in parts]))

    def forward(
        self, hidden_states: Tensor, attention_mask: Tensor, **_: object
    ) -> tuple[Tensor, None]:
        """
        Return the states after attention, and no weights.

        Args:
            hidden_states: Of shape (windows, tokens, size).
            attention_mask: 0 for a token, far below for padding, of shape
                (windows, 1, 1, tokens).
        """
        is_token = (attention_mask[:, 0, 0, :] > -1.0).to(torch.int32)
        product = nn.functional.linear(hidden_states, self.qkv.weight)
        query, key, value = product.chunk(3, dim=-1)
        attended = torch.onnx.ops.symbolic(
            "com.microsoft::MultiHeadAttention",
            (query, key, value, self.qkv.bias, is_token),
            {"num_heads": self.n_heads},
            dtype=query.dtype,
            shape=query.shape,
            version=1,
        )
        return attended, None


def with_fused_attention(model: MultiHeadClassifier) -> MultiHeadClassifier:
    """Return a copy of *model* that can be exported, and no longer run."""
    fused = copy.deepcopy(model)
    layers: Any = fused.encoder.encoder.layer
    for layer in layers:
        layer.attention.self = FusedAttention(layer.attention.self)
    return fused

"""
The network for transformers: a RoBERTa with our heads on its first and its mean token.

A copy of this file stands beside the weights, so that ``AutoModel…`` finds it.
"""

import torch
from torch import Tensor, nn
from transformers import RobertaConfig, RobertaModel, RobertaPreTrainedModel
from transformers.modeling_outputs import SequenceClassifierOutput


class KiemtinForSequenceClassification(RobertaPreTrainedModel):  # type: ignore[no-untyped-call]  # transformers
    """Tokens in, a logit for each label out."""

    def __init__(self, config: RobertaConfig) -> None:
        super().__init__(config)
        size = config.hidden_size
        self.roberta = RobertaModel(config, add_pooling_layer=False)
        self.heads = nn.ModuleDict(
            {
                name: nn.Sequential(
                    nn.Linear(2 * size, size // 2),
                    nn.GELU(),
                    nn.Dropout(0.0),
                    nn.Linear(size // 2, n_labels),
                )
                for name, n_labels in config.heads.items()
            }
        )
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, **_: object
    ) -> SequenceClassifierOutput:
        """Return logits of shape (texts, labels)."""
        hidden = self.roberta(input_ids, attention_mask=attention_mask)[0]
        mask = attention_mask.to(hidden.dtype).unsqueeze(-1)
        mean = (hidden * mask).sum(dim=1) / mask.sum(dim=1)
        features = torch.cat([hidden[:, 0], mean], dim=-1)
        logits = torch.cat([head(features) for head in self.heads.values()], dim=-1)
        return SequenceClassifierOutput(logits=logits)

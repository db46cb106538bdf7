"""What fine-tuning makes small: a masked, weighted loss over labels and corpora."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from kiemtin.labels import Label
from training.corpora.row import Row
from training.finetuning.batches import Batch
from training.finetuning.model import MultiHeadClassifier
from training.finetuning.pooling import WindowPooling
from training.recipes.tuning import DistillationSection


class Objective(nn.Module):
    """
    The network, the pooling of its windows and the loss, as one module.

    As one, so that several processes agree on the gradients of all of it.
    """

    def __init__(
        self,
        network: MultiHeadClassifier,
        pooling: WindowPooling,
        *,
        positive_weight: Tensor,
        distillation: DistillationSection | None = None,
    ) -> None:
        super().__init__()
        self.network = network
        self.pooling = pooling
        self.positive_weight: Tensor
        self.register_buffer("positive_weight", positive_weight, persistent=False)
        self._distillation = distillation

    def forward(self, batch: Batch) -> Tensor:
        """Return the losses of each corpus above their weights, shape (2, corpora)."""
        logits = self.network(batch.input_ids, batch.attention_mask).float()
        pooled = self.pooling(logits, batch.row_of, len(batch.targets))
        pooled = pooled + self.network.corpus_bias(batch.corpus)
        losses = nn.functional.binary_cross_entropy_with_logits(
            pooled, batch.targets, pos_weight=self.positive_weight, reduction="none"
        )
        weights, soft_weights = label_weights(batch, self._distillation)
        losses = losses * weights
        if self._distillation:
            # A calibrated teacher is not to be balanced once more.
            taught = nn.functional.binary_cross_entropy_with_logits(
                pooled, batch.soft.nan_to_num(0.0), reduction="none"
            )
            losses = losses + taught * soft_weights
            weights = weights + soft_weights
        of_rows = torch.stack([losses.sum(dim=1), weights.sum(dim=1)])
        n_corpora = self.network.corpus_bias.num_embeddings
        return of_rows.new_zeros(2, n_corpora).index_add(1, batch.corpus, of_rows)


def label_weights(
    batch: Batch, distillation: DistillationSection | None
) -> tuple[Tensor, Tensor]:
    """
    Return how much labels and a teacher's answers count, each of shape (rows, labels).

    With a teacher's weight w it is (1 - w) and w times as much as without; the teacher
    also speaks of labels that nobody gave, if the recipe wants it.
    """
    if not distillation:
        return batch.weights, torch.zeros_like(batch.weights)
    answered = ~batch.soft.isnan()
    if not distillation.unlabelled:
        answered = answered & (batch.weights > 0)
    return (
        batch.weights * (1 - distillation.weight),
        answered.float() * distillation.weight,
    )


def balance(rows: Sequence[Row], power: float) -> Tensor:
    """
    Return a weight for the positives of each label: (negatives / positives) ** power.

    The root is usual, because full balance makes a rare and noisy class (offensive) too
    loud; calibration puts the probabilities right afterwards.
    """
    weights = []
    for label in Label:
        said = [r.labels[label] for r in rows if label in r.labels]
        n_yes = sum(said)
        has_both = 0 < n_yes < len(said)
        weights.append(((len(said) - n_yes) / n_yes) ** power if has_both else 1.0)
    return torch.tensor(weights)

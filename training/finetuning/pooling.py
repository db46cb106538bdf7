"""From the logits of several windows to one logit of a text."""

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from kiemtin.labels import Label
from kiemtin.manifest import Pooling

_SHARPNESS = 1.0
"""Before anything is learnt: between the mean and the maximum."""


class WindowPooling(nn.Module):
    """
    Pools label by label, as a recipe says: by the mean, the maximum or smoothly.

    Smoothly is ln(mean(exp(s x))) / s, which is near the mean for a small sharpness s
    and near the maximum for a large one; s is learnt for each label.
    """

    def __init__(self, pooling: Mapping[Label, Pooling]) -> None:
        super().__init__()
        kinds = [pooling[x] for x in Label]
        self.is_max: Tensor
        self.is_smooth: Tensor
        for name, kind in (("is_max", "max"), ("is_smooth", "smooth")):
            flags = torch.tensor([k == kind for k in kinds])
            self.register_buffer(name, flags, persistent=False)
        # The inverse of softplus, which keeps the sharpness above zero.
        raw = torch.full((len(kinds),), math.log(math.expm1(_SHARPNESS)))
        self._learns = "smooth" in kinds
        self.raw = nn.Parameter(raw, requires_grad=self._learns)

    @property
    def sharpness(self) -> Tensor:
        """Of each label, of shape (labels,); it means something for smooth ones only."""
        return nn.functional.softplus(self.raw)

    def learned(self) -> dict[Label, float]:
        """Return the sharpness of the labels that are pooled smoothly."""
        found = zip(
            Label, self.is_smooth.tolist(), self.sharpness.tolist(), strict=True
        )
        return {label: s for label, is_smooth, s in found if is_smooth}

    def forward(self, logits: Tensor, row_of: Tensor, n_rows: int) -> Tensor:
        """
        Return logits of shape (rows, labels).

        Args:
            logits: Of shape (windows, labels).
            row_of: The row of each window, of shape (windows,).
            n_rows: How many rows there are.
        """
        pooled = pool_windows(logits, row_of, n_rows, self.is_max)
        if not self._learns:
            return pooled
        smooth = _smooth(logits, row_of, n_rows, self.sharpness)
        return torch.where(self.is_smooth, smooth, pooled)


def pool_windows(logits: Tensor, row_of: Tensor, n_rows: int, is_max: Tensor) -> Tensor:
    """
    Return the logits of rows, the maximum or the mean of those of their windows.

    Args:
        logits: Of shape (windows, labels).
        row_of: The row of each window, of shape (windows,).
        n_rows: How many rows there are.
        is_max: Which labels take the maximum; the others take the mean.
    """
    index = row_of.unsqueeze(1).expand_as(logits)
    empty = logits.new_zeros(n_rows, logits.shape[1])
    mean = empty.scatter_reduce(0, index, logits, "mean", include_self=False)
    most = empty.scatter_reduce(0, index, logits, "amax", include_self=False)
    return torch.where(is_max, most, mean)


def _smooth(logits: Tensor, row_of: Tensor, n_rows: int, sharpness: Tensor) -> Tensor:
    scaled = logits * sharpness
    index = row_of.unsqueeze(1).expand_as(logits)
    empty = logits.new_zeros(n_rows, logits.shape[1])
    # Without the largest taken out first, a large logit would overflow.
    most = empty.scatter_reduce(0, index, scaled.detach(), "amax", include_self=False)
    powers = torch.exp(scaled - most[row_of])
    mean = empty.scatter_reduce(0, index, powers, "mean", include_self=False)
    return (torch.log(mean) + most) / sharpness

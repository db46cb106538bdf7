"""
The wide part of a model: linear models of words and characters, beside the network.

For each label and each kind of text that the label was annotated in there is an expert,
a linear model of the text's grams (``kiemtin.text.grams``) weighed by TF-IDF; a gate, of
the same form, says what kind of text it is. The logit of a label is the mean of its
experts, each weighed by the gate (a mixture of experts, Jacobs et al. 1991). An expert
of shop reviews knows nothing of a news post: where the gate sees hardly any of its kinds
and the label is known to be rare, it is taken as absent. Wide and deep models complete
each other (arXiv:1606.07792): one remembers spellings that the other has never seen
twice.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from kiemtin.errors import BundleCorruptError
from kiemtin.labels import Label
from kiemtin.manifest import WIDE_FILE, Manifest, Mixing, Wide
from kiemtin.text.grams import N_VIEWS, grams_of

Floats = NDArray[np.float32]

_TINY = np.finfo(np.float64).tiny
_NEVER = -1e30
"""What the gate says of kinds that are left out; below whatever it says of others."""


class WidePart:
    """
    The wide part of a bundle.

    Args:
        spec: Which columns there are.
        weights: Of shape (buckets, columns), one byte each; columns are those of the
            gate, then those of the experts.
        scales: What a weight of 1 stands for, of shape (columns,).
        bias: Of shape (columns,).
        rarity: The inverse document frequency of each bucket, of shape (buckets,).

    Raises:
        BundleCorruptError: If the shapes are not those of *spec*.
    """

    def __init__(
        self,
        spec: Wide,
        *,
        weights: NDArray[np.int8],
        scales: Floats,
        bias: Floats,
        rarity: NDArray[np.float16],
    ) -> None:
        n_buckets = N_VIEWS << spec.bits
        n_columns = len(spec.kinds) + len(spec.experts)
        found = (weights.shape, scales.shape, bias.shape, rarity.shape)
        if found != ((n_buckets, n_columns), (n_columns,), (n_columns,), (n_buckets,)):
            msg = f"the wide part has shapes {found}, not those of its manifest"
            raise BundleCorruptError(msg)
        self.spec = spec
        self._weights, self._scales, self._bias = weights, scales, bias
        self._rarity = rarity
        labels = list(Label)
        self._expert_places = (
            np.array([labels.index(x.label) for x in spec.experts], dtype=np.intp),
            np.array([spec.kinds.index(x.kind) for x in spec.experts], dtype=np.intp),
        )
        # Tables of (labels, kinds), and of (labels,).
        self._has_expert = np.zeros((len(labels), len(spec.kinds)), dtype=bool)
        self._has_expert[self._expert_places] = True
        self._is_absent = np.zeros_like(self._has_expert)
        self._absent_below = np.ones(len(labels))
        self._absent_logit = np.zeros(len(labels))
        for label, absence in spec.absent.items():
            row = labels.index(label)
            self._is_absent[row] = [k in absence.kinds for k in spec.kinds]
            self._absent_below[row] = absence.below
            self._absent_logit[row] = absence.logit

    @classmethod
    def load(cls, path: Path, spec: Wide) -> Self:
        """
        Read what `save` wrote.

        Raises:
            BundleCorruptError: If *path* is something else.
        """
        names = ("weights", "scales", "bias", "rarity")
        try:
            # Opened here: of what is no archive, NumPy would leave the file open.
            with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
                arrays = {name: found[name] for name in names}
        except Exception as e:
            msg = f"{path} is not the wide part of a bundle"
            raise BundleCorruptError(msg) from e
        return cls(spec, **arrays)

    def save(self, path: Path) -> None:
        """Write it to *path*, compressed, the same bytes for the same weights."""
        np.savez_compressed(
            path,
            weights=self._weights,
            scales=self._scales,
            bias=self._bias,
            rarity=self._rarity,
        )

    def with_mixing(self, mixing: Mapping[Label, Mixing]) -> "WidePart":
        """Return the same with another *mixing*."""
        return WidePart(
            self.spec.model_copy(update={"mixing": dict(mixing)}),
            weights=self._weights,
            scales=self._scales,
            bias=self._bias,
            rarity=self._rarity,
        )

    def logits(self, text: str) -> NDArray[np.float64]:
        """
        Return a logit of the normalized *text* for each label, of shape (labels,).

        It is 0 for a label of which nothing is known.
        """
        return self._mixed(self.columns(text))

    def columns(self, text: str) -> Floats:
        """Return what the gate and the experts say, of shape (columns,)."""
        buckets, weights = weigh(text, self.spec.bits, self._rarity)
        summed = weights @ self._weights[buckets].astype(np.float32)
        return np.asarray(summed * self._scales + self._bias, dtype=np.float32)

    def _mixed(self, columns: Floats) -> NDArray[np.float64]:
        """Return the logits, (labels,), of what gate and experts say, (columns,)."""
        n_kinds = len(self.spec.kinds)
        gate = columns[:n_kinds].astype(np.float64)
        # Logarithms: kinds that are next to impossible still differ among themselves.
        knowing = np.where(self._has_expert, gate, _NEVER)
        present = np.logaddexp.reduce(knowing, axis=1)
        absent = np.where(self._is_absent, gate, _NEVER)
        either = np.logaddexp(present, np.logaddexp.reduce(absent, axis=1))
        said = np.zeros(self._has_expert.shape)
        said[self._expert_places] = columns[n_kinds:]
        logits = (said * np.exp(knowing - present[:, None])).sum(axis=1)
        # How sure it is that the text is of a kind in which the label was asked for.
        sure = np.minimum(1, np.exp(present - either) / self._absent_below)
        return np.asarray(sure * logits + (1 - sure) * self._absent_logit)


def read_wide(folder: Path, manifest: Manifest) -> WidePart | None:
    """
    Return the wide part of the bundle in *folder*, if it has one.

    Raises:
        BundleCorruptError: If its file is something else.
    """
    if not manifest.wide:
        return None
    return WidePart.load(folder / WIDE_FILE, manifest.wide)


def weigh(
    text: str, bits: int, rarity: NDArray[np.float16]
) -> tuple[NDArray[np.int64], Floats]:
    """
    Return the buckets of the normalized *text* and their weights: TF-IDF.

    They are of length 1 in each view. A bucket that is met n times counts 1 + ln(n) times its rarity (Salton and Buckley
    1988); one that no text had that was learnt from has none, and counts nothing.
    """
    grams = grams_of(text, bits)
    raw = (1 + np.log(grams.counts)) * rarity[grams.buckets].astype(np.float64)
    squares = np.bincount(grams.views, raw * raw, minlength=N_VIEWS)
    lengths = np.sqrt(np.maximum(squares, _TINY))
    return grams.buckets, (raw / lengths[grams.views]).astype(np.float32)

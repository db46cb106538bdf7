"""Score texts with an exported bundle."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from kiemtin.bundle import bundle_digest, read_manifest
from kiemtin.calibration import CalibratedHead
from kiemtin.errors import (
    EmptyTextError,
    InputError,
    InvalidUnicodeError,
    TextTooLongError,
)
from kiemtin.labels import Label
from kiemtin.manifest import MODEL_FILE, TOKENIZER_FILE, Manifest
from kiemtin.network import Network
from kiemtin.policy import Policy
from kiemtin.reasons import Explainer
from kiemtin.schemas import ModelOut, ScoreOut, TextStateOut
from kiemtin.text import Encoded, Encoder, Normalized, WindowSpec, normalize
from kiemtin.text.segment import Segmenter, load_segmenter, segment
from kiemtin.text.syllables import diacritic_ratio, is_vietnamese, words_of
from kiemtin.wide import WidePart, read_wide

MAX_CHARS = 65_536
"""More characters than the longest post that Facebook takes (63,206)."""

NOT_VIETNAMESE = "not_vietnamese"


@dataclass(frozen=True, slots=True)
class Item:
    """One text to score."""

    id: str
    text: str
    explain: bool = False


class Scorer:
    """A bundle, loaded: from raw texts to score objects."""

    def __init__(
        self,
        manifest: Manifest,
        digest: str,
        segmenter: Segmenter,
        encoder: Encoder,
        network: Network,
        wide: WidePart | None = None,
    ) -> None:
        self.manifest = manifest
        self.digest = digest
        self.policy = Policy.of(manifest)
        self._segmenter = segmenter
        self._encoder = encoder
        self._network = network
        self._wide = wide
        self._head = CalibratedHead(manifest)
        self._explainer = Explainer(encoder, network, self._head, wide)

    @classmethod
    def load(cls, folder: Path, *, threads: int = 1) -> Self:
        """
        Verify and load the bundle in *folder*.

        Raises:
            BundleError: If it is not whole, or made for other code.
        """
        manifest = read_manifest(folder)
        needed = manifest.segmenter
        segmenter = load_segmenter(needed.name, needed.version)
        window = manifest.window
        encoder = Encoder.from_file(
            folder / TOKENIZER_FILE,
            WindowSpec(window.tokens, window.overlap, window.most),
        )
        network = Network.load(
            folder / MODEL_FILE,
            pad_id=encoder.pad_id,
            rows_independent=manifest.rows_independent,
            threads=threads,
        )
        return cls(
            manifest,
            bundle_digest(folder),
            segmenter,
            encoder,
            network,
            read_wide(folder, manifest),
        )

    @property
    def model(self) -> ModelOut:
        """Which model this is, as replies say it."""
        return ModelOut(
            name=self.manifest.name,
            version=self.manifest.version,
            digest=self.digest,
            calibration={x: c.method for x, c in self.manifest.calibration.items()},
        )

    def score(self, item: Item) -> ScoreOut:
        """
        Score one text.

        Raises:
            InputError: If it cannot be scored.
        """
        result = self.score_batch([item])[0]
        if isinstance(result, InputError):
            raise result
        return result

    def score_batch(self, items: Sequence[Item]) -> list[ScoreOut | InputError]:
        """Score *items* in order; one that cannot be scored disturbs no other."""
        texts = [_readable(item.text) for item in items]
        good = [
            (item, segment(text, self._segmenter))
            for item, text in zip(items, texts, strict=True)
            if isinstance(text, Normalized)
        ]
        scored = self._score_texts(good)
        return [t if isinstance(t, InputError) else next(scored) for t in texts]

    def _score_texts(self, good: list[tuple[Item, Normalized]]) -> Iterator[ScoreOut]:
        encoded = self._encoder.encode_batch([text for _, text in good])
        windows = [
            self._encoder.window_ids(e.ids, w) for e in encoded for w in e.windows
        ]
        logits = self._network.logits(windows)
        at = 0
        for (item, text), e in zip(good, encoded, strict=True):
            yield self._result(item, text, e, logits[at : at + len(e.windows)])
            at += len(e.windows)

    def _result(
        self,
        item: Item,
        text: Normalized,
        encoded: Encoded,
        logits: NDArray[np.float32],
    ) -> ScoreOut:
        wide = self._wide.logits(text.text) if self._wide else None
        probabilities = self._head(logits, wide)
        # Rounded first, so that nobody reads a score that its flag contradicts.
        rounded = [round(p, 4) for p in probabilities.tolist()]
        scores = dict(zip(Label, rounded, strict=True))
        abstain, flagged = self._judge(text, scores)
        reasons = (
            self._explainer.explain(item.text, text, encoded, logits)
            if item.explain
            else []
        )
        return ScoreOut(
            id=item.id,
            scores=scores,
            flagged=flagged,
            recommendation=self.policy.recommend(scores, flagged),
            abstain=abstain,
            reasons=reasons,
            text_state=_text_state(text, encoded),
        )

    def _judge(
        self, text: Normalized, scores: dict[Label, float]
    ) -> tuple[dict[Label, str], dict[Label, bool]]:
        """Return which labels abstain and why, and which are flagged."""
        if not is_vietnamese(text.text):
            abstain = dict.fromkeys(Label, NOT_VIETNAMESE)
            return abstain, self.policy.flag(scores, abstain)
        flagged = self.policy.flag(scores, {})
        return self.policy.uncertain(scores, flagged), flagged


def _readable(text: str) -> Normalized | InputError:
    """Return *text* normalized, or why it cannot be scored."""
    if len(text) > MAX_CHARS:
        return TextTooLongError(f"{len(text)} characters, at most {MAX_CHARS} are read")
    try:
        text.encode()
    except UnicodeEncodeError as e:
        return InvalidUnicodeError(f"half of a surrogate pair at character {e.start}")
    normalized = normalize(text)
    if not normalized.text:
        return EmptyTextError("nothing that can be seen is in the text")
    return normalized


def _text_state(text: Normalized, encoded: Encoded) -> TextStateOut:
    return TextStateOut(
        truncated=encoded.n_windows_left_out > 0,
        windows=len(encoded.windows),
        windows_left_out=encoded.n_windows_left_out,
        tokens=len(encoded.ids),
        diacritic_ratio=round(diacritic_ratio(words_of(text.text)), 3),
        normalizations=text.trace,
    )

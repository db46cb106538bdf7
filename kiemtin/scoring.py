"""Score texts with an exported bundle."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
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
from kiemtin.schemas import (
    MAX_CHARS,
    NOT_VIETNAMESE,
    Item,
    ModelOut,
    ReasonOut,
    ScoreOut,
    TextStateOut,
)
from kiemtin.text import Encoded, Encoder, Normalized, WindowSpec, normalize
from kiemtin.text.segment import Segmenter, load_segmenter, segment
from kiemtin.text.syllables import diacritic_ratio, is_vietnamese, words_of
from kiemtin.wide import WidePart, read_wide

DECIMALS = 4
"""More would promise what nobody measured."""


@dataclass(frozen=True, slots=True)
class Post:
    """An item that can be scored, and its normalized text."""

    item: Item
    text: Normalized


@dataclass(frozen=True, slots=True)
class Extent:
    """How long a text is, as the network reads it."""

    n_tokens: int
    n_windows: int
    n_windows_left_out: int

    @classmethod
    def of(cls, encoded: Encoded) -> Self:
        """Return how long *encoded* is."""
        return cls(len(encoded.ids), len(encoded.windows), encoded.n_windows_left_out)


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
    def load(cls, folder: Path, *, threads: int = 1, provider: str = "cpu") -> Self:
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
            provider=provider,
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
        posts = [self.read(item) for item in items]
        good = [post for post in posts if isinstance(post, Post)]
        scored = iter(self.score_posts(good))
        return [p if isinstance(p, InputError) else next(scored) for p in posts]

    def read(self, item: Item) -> Post | InputError:
        """Return *item* normalized and segmented, or why it cannot be scored."""
        text = _readable(item.text)
        if isinstance(text, InputError):
            return text
        return Post(item, segment(text, self._segmenter))

    def score_posts(self, posts: Sequence[Post]) -> list[ScoreOut]:
        """Score *posts*; windows of nearly one length share a run of the network."""
        encoded = self.encode(posts)
        logits = self.logits(encoded)
        return [self.conclude(*x) for x in zip(posts, encoded, logits, strict=True)]

    def encode(self, posts: Sequence[Post]) -> list[Encoded]:
        """Return the tokens and windows of *posts*."""
        return self._encoder.encode_batch([post.text for post in posts])

    def logits(self, encoded: Sequence[Encoded]) -> list[NDArray[np.float32]]:
        """Return what the network says of each text, of shape (windows, labels)."""
        windows = [
            self._encoder.window_ids(e.ids, w) for e in encoded for w in e.windows
        ]
        logits = self._network.logits(windows)
        ends = list(accumulate(len(e.windows) for e in encoded))
        return [logits[a:b] for a, b in pairwise([0, *ends])]

    def tokens_run(self, encoded: Sequence[Encoded]) -> tuple[int, int]:
        """Return how many tokens the network reads of these texts, and pads with."""
        lengths = [b - a + 2 for e in encoded for a, b in e.windows]
        n_read = sum(lengths)
        n_run = sum(
            lengths[batch[0]] * len(batch) for batch in self._network.batches(lengths)
        )
        return n_read, n_run - n_read

    def conclude(
        self, post: Post, encoded: Encoded, logits: NDArray[np.float32]
    ) -> ScoreOut:
        """Return the score object of *post*, by its *encoded* text and its *logits*."""
        text = post.text
        wide = self._wide.logits(text.text) if self._wide else None
        probabilities = self._head(logits, wide)
        # Rounded first, so that nobody reads a score that its flag contradicts.
        rounded = [round(p, DECIMALS) for p in probabilities.tolist()]
        explain = post.item.explain
        reasons = (
            self._explainer.explain(post.item.text, text, encoded, logits)
            if explain
            else []
        )
        return self.judge(post, rounded, Extent.of(encoded), reasons)

    def judge(
        self,
        post: Post,
        scores: Sequence[float],
        extent: Extent,
        reasons: Sequence[ReasonOut] = (),
    ) -> ScoreOut:
        """Return the score object of *post*, whose *scores* are known."""
        by_label = dict(zip(Label, scores, strict=True))
        words = words_of(post.text.text)
        if is_vietnamese(post.text.text, words):
            flagged = self.policy.flag(by_label, {})
            abstain = self.policy.uncertain(by_label, flagged)
        else:
            abstain = dict.fromkeys(Label, NOT_VIETNAMESE)
            flagged = self.policy.flag(by_label, abstain)
        return ScoreOut(
            id=post.item.id,
            scores=by_label,
            flagged=flagged,
            recommendation=self.policy.recommend(by_label, flagged),
            abstain=abstain,
            reasons=list(reasons),
            text_state=TextStateOut(
                truncated=extent.n_windows_left_out > 0,
                windows=extent.n_windows,
                windows_left_out=extent.n_windows_left_out,
                tokens=extent.n_tokens,
                diacritic_ratio=round(diacritic_ratio(words), 3),
                normalizations=post.text.trace,
            ),
        )


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

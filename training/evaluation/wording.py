"""Texts as words and runs of characters, for models that know nothing but these."""

from functools import lru_cache

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from kiemtin.text import normalize

WORD_PATTERN = r"[^\W\d_]+"
MAX_WORDS, MAX_GRAMS = 20_000, 30_000
"""More features cost time and change the figures by less than their intervals."""


@lru_cache(maxsize=1 << 18)
def plain(text: str) -> str:
    """Return *text* as words are counted in it; kept, as it is asked for again."""
    return normalize(text).text.lower()


def word_weights(
    *, max_features: int = MAX_WORDS, min_df: int = 1, max_df: float = 1.0
) -> TfidfVectorizer:
    """Return what weighs words and pairs of words."""
    return TfidfVectorizer(
        token_pattern=WORD_PATTERN,
        ngram_range=(1, 2),
        max_features=max_features,
        min_df=min_df,
        max_df=max_df,
        sublinear_tf=True,
        dtype=np.float32,
    )


def gram_weights() -> TfidfVectorizer:
    """Return what weighs runs of two to four characters within words."""
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 4),
        max_features=MAX_GRAMS,
        sublinear_tf=True,
        dtype=np.float32,
    )

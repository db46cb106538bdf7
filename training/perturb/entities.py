"""Letters written as HTML entities, as sites and scripts do, in several notations."""

import random
from collections.abc import Callable, Mapping
from html.entities import codepoint2name
from types import MappingProxyType

from training.perturb.halves import Half, halve
from training.perturb.words import rewrite, some

_WRITERS: Mapping[str, Callable[[int], str]] = MappingProxyType(
    {
        "named": lambda c: f"&{codepoint2name[c]};" if c in codepoint2name else chr(c),
        "decimal": "&#{};".format,
        "padded decimal": "&#{:07};".format,
        "hexadecimal": "&#x{:x};".format,
        "large hexadecimal": "&#X{:X};".format,
        "padded hexadecimal": "&#x{:06x};".format,
    }
)

NOTATIONS = halve(_WRITERS, "entities")


def write_entities(text: str, rng: random.Random, half: Half, strength: float) -> str:
    """Return *text* with letters of its words as entities (ch&#x1ebf;t, b&agrave;)."""

    def write(word: str) -> str:
        parts = list(word)
        notation = _WRITERS[rng.choice(NOTATIONS[half])]
        for i in sorted(some(len(parts), rng)):
            parts[i] = notation(ord(parts[i]))
        return "".join(parts)

    return rewrite(text, rng, strength, write)

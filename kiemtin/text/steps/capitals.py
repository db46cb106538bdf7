"""Whether capitals say anything in a text: in one that is shouted, DC is no city."""

from functools import lru_cache


@lru_cache(maxsize=8)
def is_shouted(text: str) -> bool:
    """Return whether most letters of *text* are capitals."""
    return 2 * sum(map(str.isupper, text)) > sum(map(str.isalpha, text))

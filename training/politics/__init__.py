"""Terms of politics: where a text has them, and what it says with others in their place."""

from training.politics.matching import is_political, political_spans

__all__ = ["is_political", "political_spans"]

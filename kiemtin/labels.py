"""The closed set of things we say about a text."""

from enum import StrEnum


class Label(StrEnum):
    """One harm. The order here is the order of the model's outputs, everywhere."""

    UNRELIABLE = "unreliable"
    """Written like posts that annotators judged unreliable; it may still be true."""
    ABUSIVE = "abusive"
    """Offensive or hateful."""
    HATE = "hate"
    """Attacks people for what they are, or calls for harm; a part of abusive."""
    SCAM = "scam"
    """Tries to defraud its reader."""
    SPAM = "spam"
    """Unwanted promotion or noise."""


HEADS: dict[str, tuple[Label, ...]] = {
    "reliability": (Label.UNRELIABLE,),
    "harm": (Label.ABUSIVE, Label.HATE),
    "scam": (Label.SCAM,),
    "spam": (Label.SPAM,),
}
"""Which head of the network gives which labels."""


class Recommendation(StrEnum):
    """What we recommend to the people who decide. There is no takedown here."""

    NONE = "none"
    REVIEW = "review"
    REVIEW_URGENT = "review_urgent"

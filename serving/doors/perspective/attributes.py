"""Which attributes we measure, and what is asked for that we do not."""

import re
from collections.abc import Mapping, Sequence

from kiemtin.labels import Label
from serving.errors import (
    InvalidFieldError,
    MissingAttributesError,
    UnsupportedAttributeError,
    UnsupportedLanguageError,
)
from serving.schemas.perspective import AttributeIn

ATTRIBUTES: dict[str, Label] = {
    "TOXICITY": Label.ABUSIVE,
    "IDENTITY_ATTACK": Label.HATE,
    "SPAM": Label.SPAM,
    **{f"KIEMTIN_{label.upper()}": label for label in Label},
}
"""
Three of theirs that say nearly what a label of ours says, and ours by our own names.

INSULT and PROFANITY are both in ``abusive``, which does not tell them apart, and nothing
of ours grades (SEVERE_TOXICITY) or sees threats: those are refused, not guessed.
"""

LANGUAGE, UNKNOWN_LANGUAGE = "vi", "und"
_NAME = re.compile(r"[A-Z0-9_@]{1,64}")


def choose(
    requested: Mapping[str, AttributeIn], *, drop: bool
) -> dict[str, AttributeIn]:
    """
    Return those of the *requested* attributes that we measure.

    Args:
        requested: How each shall be said, by name.
        drop: Whether to leave out the others.

    Raises:
        MissingAttributesError: If none is requested.
        UnsupportedAttributeError: If one is not measured and shall not be dropped.
        InvalidFieldError: If one shall be said otherwise than as a probability.
    """
    if not requested:
        msg = "Missing requested_attributes"
        raise MissingAttributesError(msg)
    unknown = [x for x in requested if x not in ATTRIBUTES]
    if unknown and not drop:
        # A name is the caller's: it may be anything.
        names = ", ".join(x if _NAME.fullmatch(x) else "(odd name)" for x in unknown)
        msg = f"Unknown requested attribute: {names}; known: {', '.join(ATTRIBUTES)}"
        raise UnsupportedAttributeError(msg)
    known = {x: how for x, how in requested.items() if x in ATTRIBUTES}
    for name, how in known.items():
        if how.score_type not in {"SCORE_TYPE_UNSPECIFIED", "PROBABILITY"}:
            msg = (
                f"Requested score type {how.score_type} is not supported by "
                f"attribute {name}"
            )
            raise InvalidFieldError(msg)
    return known


def are_read(languages: Sequence[str]) -> bool:
    """Return whether all *languages* are Vietnamese, of whatever region."""
    return all(x.partition("-")[0].lower() == LANGUAGE for x in languages)


def refuse_language(
    attribute: str, *, requested: Sequence[str] = (), detected: Sequence[str] = ()
) -> UnsupportedLanguageError:
    """Return the error that says that *attribute* is not for these languages."""
    names = ", ".join(requested or detected)
    msg = f"Attribute {attribute} does not support request languages: {names}"
    return UnsupportedLanguageError(
        msg, attribute=attribute, requested=requested, detected=detected
    )

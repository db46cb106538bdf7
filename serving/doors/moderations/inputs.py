"""What OpenAI's clients may send as input: a text, texts, or parts of a message."""

from typing import Any

from serving.errors import InvalidFieldError


def texts_of(given: object) -> list[str]:
    """
    Return the texts to score.

    The parts of a message are one text, a line each, and get one result.

    Raises:
        InvalidFieldError: If it is none of the three, or a part is not text.
    """
    if isinstance(given, str):
        return [given]
    if not isinstance(given, list):
        msg = "input: neither a string nor a list"
        raise InvalidFieldError(msg)
    if given and all(isinstance(x, dict) for x in given):
        return ["\n".join(_text_of(part, i) for i, part in enumerate(given))]
    for i, text in enumerate(given):
        if not isinstance(text, str):
            msg = f"input[{i}]: not a string, and only a list of parts has objects"
            raise InvalidFieldError(msg)
    return given


def _text_of(part: dict[str, Any], i: int) -> str:
    if part.get("type") == "image_url":
        msg = f"input[{i}]: an image; only text is read here"
        raise InvalidFieldError(msg)
    text = part.get("text")
    if part.keys() != {"type", "text"} or part["type"] != "text":
        msg = f"input[{i}]: not a part of type text with a text and nothing else"
        raise InvalidFieldError(msg)
    if not isinstance(text, str):
        msg = f"input[{i}].text: not a string"
        raise InvalidFieldError(msg)
    return text

"""What pydantic says of a value, in our codes and without the value."""

from collections.abc import Mapping, Sequence
from typing import Any

from kiemtin.errors import InvalidUnicodeError, KiemtinError, MalformedItemError
from serving.errors import InvalidFieldError, UnknownFieldError
from serving.schemas.problem import FieldErrorOut
from serving.schemas.wire import INVALID_UNICODE

PydanticErrors = Sequence[Mapping[str, Any]]

_MAX_NAME_CHARS = 64
_NOT_AN_OBJECT = {"model_type", "model_attributes_type", "dict_type"}
_BY_TYPE: dict[str, type[KiemtinError]] = {
    "extra_forbidden": UnknownFieldError,
    "string_unicode": InvalidUnicodeError,
    INVALID_UNICODE: InvalidUnicodeError,
}


def first_error(errors: PydanticErrors) -> KiemtinError:
    """Return the first of *errors* as one of ours; its field leads the message."""
    first = errors[0]
    name = pointer(first["loc"]) or "the body"
    return _class_of(first)(f"{name}: {_message(first)}")


def field_errors(errors: PydanticErrors) -> list[FieldErrorOut]:
    """Return *errors* one by one, without what was sent."""
    return [
        FieldErrorOut(
            pointer=pointer(e["loc"]), code=_class_of(e).code, message=_message(e)
        )
        for e in errors
    ]


def pointer(location: Sequence[str | int]) -> str:
    """Return *location* as a JSON pointer (RFC 6901), without long names."""
    return "".join(f"/{_escaped(str(part))}" for part in location)


def _escaped(name: str) -> str:
    # An unknown field's name is the caller's: it may be a post, or half a surrogate.
    shown = name if len(name) <= _MAX_NAME_CHARS else "…"
    shown = shown.encode(errors="replace").decode()
    return shown.replace("~", "~0").replace("/", "~1")


def _class_of(error: Mapping[str, Any]) -> type[KiemtinError]:
    location = error["loc"]
    if not location or location == ("text",):
        is_text = error["type"] in _BY_TYPE
        return _BY_TYPE[error["type"]] if is_text else MalformedItemError
    return _BY_TYPE.get(error["type"], InvalidFieldError)


def _message(error: Mapping[str, Any]) -> str:
    if error["type"] in _NOT_AN_OBJECT:
        return "not a JSON object"
    if error["type"] == "missing":
        return "this field is required"
    return str(error["msg"])

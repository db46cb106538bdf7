"""What all shapes of the wire have in common."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
)
from pydantic_core import PydanticCustomError

INVALID_UNICODE = "invalid_unicode"
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class Wire(BaseModel):
    """A shape without room for anything that we do not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def well_formed(text: str) -> str:
    """Return *text*, which can be written in UTF-8, or refuse it."""
    try:
        text.encode()
    except UnicodeEncodeError as e:
        msg = "half of a surrogate pair at character {position}"
        raise PydanticCustomError(INVALID_UNICODE, msg, {"position": e.start}) from None
    return text


UnicodeText = Annotated[str, AfterValidator(well_formed)]
"""A string that can be written in UTF-8."""


def _only_written(value: object) -> object:
    """Refuse seconds since 1970, which pydantic would take, in digits too."""
    if not isinstance(value, datetime) and not _DATE.match(str(value)):
        msg = "a time is text, as RFC 3339 writes it"
        kind = "datetime_type"
        raise PydanticCustomError(kind, msg)
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_only_written)]
"""A time with its zone, such as ``2026-11-23T22:10:53Z``."""

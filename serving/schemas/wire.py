"""What all shapes of the wire have in common."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

INVALID_UNICODE = "invalid_unicode"


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

"""What somebody filled into a form of the console."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from serving.access.csrf import needs_csrf
from serving.console.view import printable
from serving.errors import MalformedFormError

FORM = [needs_csrf]
"""The dependencies of every route that a form of a session is sent to."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The fields of a form; one that is missing is empty."""

    fields: FormData

    def text(self, name: str) -> str:
        """Return a field without what no database keeps, with plain line ends."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            return ""
        return printable(value.replace("\r\n", "\n")).strip()

    def all(self, name: str) -> list[str]:
        """Return every value of a field that may have several."""
        return [x for x in self.fields.getlist(name) if isinstance(x, str)]

    def number(self, name: str) -> int:
        """Return a whole number, -1 if it is none."""
        value = self.text(name)
        return int(value) if value.isascii() and value.isdigit() else -1


async def _filled(request: Request) -> Filled:
    try:
        return Filled(await request.form())
    except HTTPException as e:
        msg = "the body is not a form"
        raise MalformedFormError(msg) from e


FilledDep = Annotated[Filled, Depends(_filled)]

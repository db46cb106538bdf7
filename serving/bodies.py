"""Request bodies: what is not UTF-8 JSON is refused before anything reads it."""

import json
from collections.abc import Callable, Coroutine
from email.message import Message
from typing import NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute

from kiemtin.errors import InvalidUnicodeError
from serving.errors import (
    MalformedFormError,
    MalformedJsonError,
    UnsupportedMediaTypeError,
)
from serving.values import check_values

JSON = "application/json"

POST_VALUES = 256
"""How many values the JSON of one post may have; it has use for two dozen."""
_ITEM_VALUES = 32
_LEAST_ITEMS = 256

_MOST_FIELDS = 10_000
"""The signs between them may stand in a text as well, where it is sent as it is."""

Handler = Callable[[Request], Coroutine[object, object, Response]]


class JsonRoute(APIRoute):
    """A route whose body, where it has one, is JSON and nothing else."""

    def get_route_handler(self) -> Handler:
        """Return the handler, with the body checked before it."""
        handle = super().get_route_handler()
        field = self.body_field
        needs_body = field is not None and field.field_info.is_required()

        async def checked(request: Request) -> Response:
            if needs_body or (field is not None and await request.body()):
                check_type(request, JSON)
                # Starlette reads the body once and keeps what json() made of it.
                most = most_values(request.app.state.settings.max_items)
                parsed = parse_json(await request.body(), most=most)
                request._json = parsed  # noqa: SLF001
            return await handle(request)

        return checked


class FormRoute(APIRoute):
    """A route whose body, where it has one, is a short form."""

    def get_route_handler(self) -> Handler:
        """Return the handler, with the body checked before it."""
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            body = await request.body()
            if body.count(b"&") + body.count(b";") > _MOST_FIELDS:
                # Empty ones count for nothing where forms are read, and take as long.
                msg = f"the form has more than {_MOST_FIELDS} fields"
                raise MalformedFormError(msg)
            return await handle(request)

        return checked


def most_values(n_items: int) -> int:
    """Return how many values JSON may have where batches have up to *n_items*."""
    return _ITEM_VALUES * max(n_items, _LEAST_ITEMS)


def parse_json(
    body: bytes, name: str = "the body", *, most: int = POST_VALUES
) -> object:
    """
    Return what *body* says; errors call it by *name*.

    Args:
        body: JSON.
        name: What errors call it.
        most: How many values it may have.

    Raises:
        TooManyValuesError: If there are more.
        InvalidUnicodeError: If it is not UTF-8.
        MalformedJsonError: If it is not JSON, or nested too deeply to be read.
    """
    check_values(body, most, name)
    try:
        text = body.decode()
    except UnicodeDecodeError as e:
        msg = f"{name} is not UTF-8 at byte {e.start}"
        raise InvalidUnicodeError(msg) from None
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as e:
        msg = f"{name} is not JSON at character {e.pos}: {e.msg}"
        raise MalformedJsonError(msg) from None
    except RecursionError:
        msg = f"{name} is nested too deeply"
        raise MalformedJsonError(msg) from None
    except ValueError:
        msg = f"{name} has a number that is too long, or is not finite"
        raise MalformedJsonError(msg) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def check_type(request: Request, *accepted: str) -> None:
    """
    Refuse a body that does not say that it is one of the *accepted* types, in UTF-8.

    Raises:
        UnsupportedMediaTypeError: If it does not.
    """
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    charset = str(header.get_param("charset", "utf-8")).lower()
    if header.get_content_type() not in accepted or charset not in {"utf-8", "utf8"}:
        msg = f"the body must be {' or '.join(accepted)} in UTF-8"
        raise UnsupportedMediaTypeError(msg)

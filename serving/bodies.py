"""Request bodies: what is not UTF-8 JSON is refused before anything reads it."""

import json
from collections.abc import Callable, Coroutine
from email.message import Message
from typing import NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute

from kiemtin.errors import InvalidUnicodeError
from serving.errors import MalformedJsonError, UnsupportedMediaTypeError

JSON = "application/json"

Handler = Callable[[Request], Coroutine[object, object, Response]]


class JsonRoute(APIRoute):
    """A route whose body, where it has one, is JSON and nothing else."""

    def get_route_handler(self) -> Handler:
        """Return the handler, with the body checked before it."""
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            if self.body_field is not None:
                _check_type(request)
                # Starlette reads the body once and keeps what json() made of it.
                request._json = parse_json(await request.body())  # noqa: SLF001
            return await handle(request)

        return checked


def parse_json(body: bytes) -> object:
    """
    Return what *body* says.

    Raises:
        InvalidUnicodeError: If it is not UTF-8.
        MalformedJsonError: If it is not JSON, or nested too deeply to be read.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as e:
        msg = f"the body is not UTF-8 at byte {e.start}"
        raise InvalidUnicodeError(msg) from None
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as e:
        msg = f"the body is not JSON at character {e.pos}: {e.msg}"
        raise MalformedJsonError(msg) from None
    except RecursionError:
        msg = "the body is nested too deeply"
        raise MalformedJsonError(msg) from None
    except ValueError:
        msg = "the body has a number that is too long, or is not finite"
        raise MalformedJsonError(msg) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _check_type(request: Request) -> None:
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding != "identity":
        msg = "the body is compressed; only identity is read"
        raise UnsupportedMediaTypeError(msg)
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    charset = str(header.get_param("charset", "utf-8")).lower()
    if header.get_content_type() != JSON or charset not in {"utf-8", "utf8"}:
        msg = f"the body must be {JSON} in UTF-8"
        raise UnsupportedMediaTypeError(msg)

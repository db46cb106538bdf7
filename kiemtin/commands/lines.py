"""Posts from a file of any length, one on each line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO

from kiemtin.errors import (
    FileUnreadableError,
    InputError,
    InvalidUnicodeError,
    MalformedItemError,
    TextTooLongError,
)
from kiemtin.schemas import Item

MAX_LINE_BYTES = 1 << 20
"""More than the longest text takes when JSON escapes all of it."""

_BOM = b"\xef\xbb\xbf"
_KINDS = {dict: "an object", list: "an array", str: "a string", type(None): "null"}


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that holds no post."""

    id: str
    error: InputError


def open_posts(name: str) -> BinaryIO:
    """
    Open the file *name*, standard input if it is ``-``.

    Raises:
        FileUnreadableError: If it cannot be opened.
    """
    try:
        if name == "-":
            return open(0, "rb", closefd=False)
        return Path(name).open("rb")
    except OSError as e:
        raise _unreadable(name, e) from e


def read_items(
    file: BinaryIO, *, plain: bool = False, explain: bool = False
) -> Iterator[Item | Refused]:
    """
    Yield the post of each line of *file* that is not blank.

    Args:
        file: JSON objects, one on each line.
        plain: The lines are the posts themselves.
        explain: Ask for reasons.

    Raises:
        FileUnreadableError: If the rest of the file cannot be read.
    """
    for number, line in _read_lines(file):
        if line is None:
            error = TextTooLongError(f"the line has more than {MAX_LINE_BYTES} bytes")
            yield Refused(str(number), error)
        elif line.strip():
            yield _item(line, number, plain=plain, explain=explain)


def _read_lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line with its number, None for one that is too long to hold."""
    for number in count(1):
        line = _read(file, MAX_LINE_BYTES + 1)
        if not line:
            return
        if len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = _read(file, MAX_LINE_BYTES)
            yield number, None
            continue
        yield number, line.removeprefix(_BOM) if number == 1 else line


def _read(file: BinaryIO, n_bytes: int) -> bytes:
    try:
        return file.readline(n_bytes)
    except OSError as e:
        raise _unreadable(file.name, e) from e


def _unreadable(name: object, error: OSError) -> FileUnreadableError:
    return FileUnreadableError(f"{name}: {error.strerror or error}")


def _item(line: bytes, number: int, *, plain: bool, explain: bool) -> Item | Refused:
    item_id = str(number)
    try:
        decoded = _decoded(line)
        if plain:
            return Item(item_id, decoded.rstrip("\r\n"), explain)
        post = _object(decoded)
        item_id = _id_of(post) or item_id
        return Item(item_id, _text_of(post), explain)
    except InputError as e:
        return Refused(item_id, e)


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as e:
        msg = f"byte {e.start} of the line is not UTF-8"
        raise InvalidUnicodeError(msg) from e


def _object(line: str) -> dict[str, object]:
    try:
        post = json.loads(line)
    except json.JSONDecodeError as e:
        msg = f"the line is not JSON: {e.msg} at character {e.pos}"
        raise MalformedItemError(msg) from e
    except (ValueError, RecursionError) as e:
        msg = "the line holds a number too long, or objects too deep, to be read"
        raise MalformedItemError(msg) from e
    if not isinstance(post, dict):
        msg = f"the line is {_kind(post)}, not an object"
        raise MalformedItemError(msg)
    return post


def _id_of(post: dict[str, object]) -> str | None:
    match post.get("id"):
        case None:
            return None
        case bool() as x:
            msg = f"id is {_kind(x)}, not a string or an integer"
        case int() as x:
            return str(x)
        case str() as x:
            if x.isascii() or _is_whole(x):
                return x
            msg = "id holds half of a surrogate pair"
        case x:
            msg = f"id is {_kind(x)}, not a string or an integer"
    raise MalformedItemError(msg)


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in text)


def _text_of(post: dict[str, object]) -> str:
    if "text" not in post:
        msg = "the object has no text"
        raise MalformedItemError(msg)
    text = post["text"]
    if not isinstance(text, str):
        msg = f"text is {_kind(text)}, not a string"
        raise MalformedItemError(msg)
    return text


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    return _KINDS.get(type(value), "a number")

"""Where the next page of a list begins: opaque to who asks, checked when it comes back."""

import base64
import json
from datetime import UTC, datetime

from serving.errors import InvalidFieldError

_MOST, _MOST_NUMBER = 512, 2**63 - 1


def write_cursor(*parts: str | int | datetime) -> str:
    """Return a cursor that says *parts*."""
    said = [x.isoformat() if isinstance(x, datetime) else x for x in parts]
    content = json.dumps(said, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def read_number(cursor: str) -> int:
    """
    Return the number that *cursor* says.

    Raises:
        InvalidFieldError: If it is none of ours.
    """
    number, *more = _read(cursor)
    if more or type(number) is not int or not 0 <= number <= _MOST_NUMBER:
        raise _foreign()
    return number


def read_place(cursor: str) -> tuple[datetime, str]:
    """
    Return the moment and the id that *cursor* says.

    Raises:
        InvalidFieldError: If it is none of ours.
    """
    at, item_id, *more = [*_read(cursor), None]
    if more != [None] or not isinstance(at, str) or not isinstance(item_id, str):
        raise _foreign()
    if "\0" in item_id:
        raise _foreign()
    try:
        return datetime.fromisoformat(at).astimezone(UTC), item_id
    except (ValueError, OverflowError):
        raise _foreign() from None


def _read(cursor: str) -> list[object]:
    try:
        padded = cursor[:_MOST] + "=" * (-len(cursor[:_MOST]) % 4)
        content = json.loads(base64.b64decode(padded, b"-_", validate=True))
    except (ValueError, RecursionError):
        raise _foreign() from None
    if not isinstance(content, list) or not content:
        raise _foreign()
    return content


def _foreign() -> InvalidFieldError:
    return InvalidFieldError("/query/cursor: not one that a page before ended with")

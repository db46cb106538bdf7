"""The audit log proves that nothing in it was changed, taken out or moved."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from serving.db import Entry
from serving.db.audit import START, digest_of
from serving.errors import AuditBrokenError


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ended once, to be kept where who changes the log cannot reach it."""

    position: int
    digest: str

    @classmethod
    def read(cls, text: str) -> Self:
        """
        Return what ``str`` made.

        Raises:
            ValueError: If it did not.
        """
        position, _, digest = text.strip().partition(":")
        if len(digest) != len(START) or set(digest) - set("0123456789abcdef"):
            msg = "it must be a position and 64 hex digits, such as 12:3fa4…"
            raise ValueError(msg)
        return cls(int(position), digest)

    def __str__(self) -> str:
        """Return ``position:digest``."""
        return f"{self.position}:{self.digest}"


def verify(entries: Iterable[Entry], expected: Head | None = None) -> Head:
    """
    Return where *entries* end, if all of them are as they were written.

    Args:
        entries: The whole log, in its order.
        expected: What was its end once; without it nobody can say whether rows were cut
            off at the end.

    Raises:
        AuditBrokenError: At the first position that is not as it was.
    """
    head = Head(0, START)
    rows = iter(entries)
    while True:
        _check_expected(head, expected)
        try:
            entry = next(rows, None)
        except ValueError:  # no moment, or no JSON, any more
            raise _broken(head.position + 1, "cannot be read") from None
        if entry is None:
            break
        head = _follow(head, entry)
    if expected is not None and head.position < expected.position:
        raise _broken(head.position + 1, "is missing, with all that follows")
    return head


def _follow(head: Head, entry: Entry) -> Head:
    """Return the head with one entry more."""
    position = head.position + 1
    if entry.position != position:
        raise _broken(position, "is missing")
    digest = digest_of(head.digest, position, entry.act)
    if digest != entry.digest:
        raise _broken(position, "was changed, or stood elsewhere")
    return Head(position, digest)


def _check_expected(head: Head, expected: Head | None) -> None:
    if expected is None or head.position != expected.position:
        return
    if head.digest != expected.digest:
        # Each row follows from the one before: all of it was written anew.
        raise _broken(head.position, "is another one than was expected")


def _broken(position: int, what: str) -> AuditBrokenError:
    return AuditBrokenError(f"the row at position {position} {what}")

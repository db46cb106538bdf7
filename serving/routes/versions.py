"""The version of what is answered, and the one that a caller expects (RFC 9110)."""

from typing import Annotated

from fastapi import Depends, Header, Response

_MOST_DIGITS = 9
_NEVER_GIVEN = -1


async def _expected(
    if_match: Annotated[
        str | None, Header(description='The `ETag` of what was seen, such as `"3"`.')
    ] = None,
) -> int | None:
    """
    Return the version that the caller has seen; None if any will do.

    Of a tag that we never gave it is one that nothing has. It is compared where the
    act is done: what fails anyhow fails as it would without a condition (RFC 9110,
    section 13.2.1).
    """
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip()
    digits = tag[1:-1]
    is_ours = tag == f'"{digits}"' and digits.isascii() and digits.isdigit()
    if not is_ours or len(digits) > _MOST_DIGITS:
        return _NEVER_GIVEN
    return int(digits)


ExpectedDep = Annotated[int | None, Depends(_expected)]


def tag(response: Response, version: int) -> None:
    """Let *response* say which version it shows."""
    response.headers["ETag"] = f'"{version}"'

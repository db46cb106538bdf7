"""One file over HTTP, gone on with where it broke off."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Self

import httpx
from pydantic import BaseModel, ValidationError

from training.errors import FetchError

MOST_BYTES = 500_000_000
"""Of one file; no corpus comes near it."""

PAUSES_S = (1.0, 4.0)
"""Before the second try and the third."""

_MOST_REDIRECTS = 5
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}

Progress = Callable[[int, int | None], None]
"""Takes the bytes that are here, and of how many if that is known."""


class _PassingError(Exception):
    """What may go well at the next try; never leaves this module."""


class _Beginning(BaseModel):
    """Of what a part file is the beginning; kept beside it."""

    url: str
    validator: str

    @classmethod
    def read(cls, part: Path) -> Self | None:
        try:
            return cls.model_validate_json(_beside(part).read_bytes())
        except (OSError, ValidationError):
            return None


def download(
    url: str,
    part: Path,
    *,
    client: httpx.Client,
    progress: Progress,
    pauses_s: Sequence[float] = PAUSES_S,
) -> None:
    """
    Download *url* to *part*, or the rest of it if a part is there already.

    The rest is asked for with If-Range (RFC 9110, 13.1.5): a server whose file is not
    the same any more, or that knows no ranges, sends all of it, which replaces the part.

    Raises:
        FetchError: If it cannot be had; what came of it stays for the next run.
    """
    for pause_s in (*pauses_s, None):
        try:
            _download_once(url, part, client, progress)
        except (_PassingError, httpx.TransportError) as e:
            if pause_s is None:
                n_bytes = part.stat().st_size if part.exists() else 0
                msg = (
                    f"{url}: {len(pauses_s) + 1} tries, the last: "
                    f"{str(e) or type(e).__name__}; {n_bytes} bytes are kept, "
                    "the next run goes on from there"
                )
                raise FetchError(msg) from e
            sleep(pause_s)
        except httpx.InvalidURL as e:
            msg = f"{url}: {e}"
            raise FetchError(msg) from e
        else:
            return


def discard(part: Path) -> None:
    """Remove *part* and what is kept beside it."""
    part.unlink(missing_ok=True)
    _beside(part).unlink(missing_ok=True)


def check_size(what: Path | str, n_bytes: int) -> None:
    """
    Check that a file of *n_bytes* may be taken.

    Raises:
        FetchError: If not.
    """
    if n_bytes > MOST_BYTES:
        msg = f"{what}: {n_bytes} bytes, at most {MOST_BYTES} are taken"
        raise FetchError(msg)


def _download_once(
    url: str, part: Path, client: httpx.Client, progress: Progress
) -> None:
    headers = {"Accept-Encoding": "identity"}
    beginning = _Beginning.read(part)
    n_here = part.stat().st_size if part.exists() else 0
    if n_here and beginning and beginning.url == url:
        headers |= {"Range": f"bytes={n_here}-", "If-Range": beginning.validator}
    with _opened(client, url, headers) as response:
        _check_status(response, url, part)
        n_start = _start(response, part, n_here)
        n_total = _n_total(response, url, n_start)
        if not n_start:
            _begin(part, url, response)
        with part.open("ab") as f:
            n_done = n_start
            for chunk in response.iter_raw():
                n_done += len(chunk)
                check_size(url, n_done)
                f.write(chunk)
                progress(n_done, n_total)


def _begin(part: Path, url: str, response: httpx.Response) -> None:
    """Empty *part*, and keep what its continuation will have to name."""
    discard(part)
    part.touch()
    etag = response.headers.get("ETag", "")
    # A weak one says that the meaning is the same, not the bytes.
    strong = etag if etag.startswith('"') else ""
    validator = strong or response.headers.get("Last-Modified")
    if validator:
        beginning = _Beginning(url=url, validator=validator)
        _beside(part).write_text(beginning.model_dump_json(), encoding="utf-8")


@contextmanager
def _opened(
    client: httpx.Client, url: str, headers: dict[str, str]
) -> Iterator[httpx.Response]:
    """Follow redirects to where nobody on the way can change what comes."""
    at = httpx.URL(url)
    for _ in range(_MOST_REDIRECTS + 1):
        _check_safe(at, url)
        request = client.build_request("GET", at, headers=headers)
        response = client.send(request, stream=True, follow_redirects=False)
        try:
            if not response.has_redirect_location:
                yield response
                return
        finally:
            response.close()
        at = at.join(response.headers["Location"])
    msg = f"{url}: more than {_MOST_REDIRECTS} redirects"
    raise FetchError(msg)


def _check_safe(at: httpx.URL, url: str) -> None:
    at_home = at.host in _LOOPBACK and httpx.URL(url).host in _LOOPBACK
    if at.scheme != "https" and not (at.scheme == "http" and at_home):
        msg = f"{url}: leads to {at.scheme}://{at.host}, which is not https"
        raise FetchError(msg)


def _check_status(response: httpx.Response, url: str, part: Path) -> None:
    answer = f"{response.status_code} {response.reason_phrase}"
    if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
        discard(part)
        raise _PassingError(answer)
    if (
        response.is_server_error
        or response.status_code == httpx.codes.TOO_MANY_REQUESTS
    ):
        raise _PassingError(answer)
    if response.status_code not in {httpx.codes.OK, httpx.codes.PARTIAL_CONTENT}:
        msg = f"{url}: the server answers {answer}"
        raise FetchError(msg)


def _start(response: httpx.Response, part: Path, n_here: int) -> int:
    """Return at which byte the answer begins."""
    if response.status_code == httpx.codes.OK:
        return 0
    content_range = response.headers.get("Content-Range", "")
    if n_here and content_range.startswith(f"bytes {n_here}-"):
        return n_here
    discard(part)
    msg = f"asked for the bytes from {n_here}, got {content_range or 'others'}"
    raise _PassingError(msg)


def _n_total(response: httpx.Response, url: str, n_start: int) -> int | None:
    """Return how long the file is; None where the end is marked in another way."""
    encoding = response.headers.get("Content-Encoding", "identity")
    length = response.headers.get("Content-Length")
    chunked = "chunked" in response.headers.get("Transfer-Encoding", "")
    if encoding != "identity":
        msg = f"{url}: comes in the encoding {encoding}, which was not asked for"
        raise FetchError(msg)
    if length is None and not chunked:
        msg = f"{url}: the server does not say how long it is, so a part could pass for it"
        raise FetchError(msg)
    n_total = None if length is None else n_start + int(length)
    check_size(url, n_total or 0)
    return n_total


def _beside(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")

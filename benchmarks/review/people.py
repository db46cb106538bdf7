"""A reviewer, as a program: takes cases and decides them over HTTP."""

import time
from dataclasses import dataclass
from typing import Any, Self

import httpx

from serving.access.csrf import FIELD, csrf_token
from serving.access.signing_in import COOKIE

UPHELD = {
    "outcome": "takedown",
    "labels": ["scam"],
    "clause": "scam.fraud",
    "reason_code": "clear_violation",
}
_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Taken:
    """A case that was taken, and how long it took until it was on the screen."""

    case_id: str
    token: int
    waited_s: float


class Person:
    """Somebody with a key, at one connection."""

    def __init__(self, port: int, key: str) -> None:
        self._key = key
        self._api = httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {key}"},
            timeout=_TIMEOUT_S,
        )
        self._browser = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=_TIMEOUT_S
        )

    def __enter__(self) -> Self:
        """Stay."""
        return self

    def __exit__(self, *_: object) -> None:
        """Go home."""
        self._api.close()
        self._browser.close()

    def take(self) -> Taken | None:
        """Take the next case through the API; None if none waits."""
        began = time.perf_counter()
        r = self._api.post("/v1/reviews:next").raise_for_status()
        waited_s = time.perf_counter() - began
        if r.status_code == httpx.codes.NO_CONTENT:
            return None
        lease = r.json()["lease"]
        return Taken(lease["case_id"], lease["lease_token"], waited_s)

    def sign_in(self) -> None:
        """Come to the console."""
        self._browser.post("/console/sign-in", data={"key": self._key})
        if COOKIE not in self._browser.cookies:
            msg = "the console let nobody in"
            raise RuntimeError(msg)

    def take_on_page(self) -> Taken:
        """Take the next case as a browser does: send the form, and load the page."""
        form = {FIELD: csrf_token(self._browser.cookies[COOKIE])}
        began = time.perf_counter()
        sent = self._browser.post("/console/next", data=form)
        page = self._browser.get(sent.headers["location"]).raise_for_status()
        waited_s = time.perf_counter() - began
        case_id = page.url.path.rpartition("/")[2]
        # Claiming what one has already gives the same lease.
        r = self._api.post(f"/v1/cases/{case_id}/claim").raise_for_status()
        return Taken(case_id, r.json()["lease"]["lease_token"], waited_s)

    def decide(self, taken: Taken) -> str:
        """Decide a case that was taken, and return the decision's id."""
        body: dict[str, Any] = {"lease_token": taken.token, **UPHELD}
        r = self._api.post(f"/v1/cases/{taken.case_id}/decisions", json=body)
        return str(r.raise_for_status().json()["id"])

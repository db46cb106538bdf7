"""How many items each key may have scored in a minute, apart for the two lanes."""

import math
import time
from collections.abc import Callable, Mapping
from typing import cast

from fastapi import Request

from kiemtin.errors import BundleError
from serving.access.buckets import Bucket, Standing
from serving.access.principals import Principal
from serving.engine import Lane
from serving.errors import BusyError, RateLimitedError, TooManyItemsError

WINDOW_S = 60
_NS = 1_000_000_000


class Quotas:
    """
    A bucket for each key in each lane.

    Args:
        limits: Items in a minute; 0 for as many as they like.
        clock_ns: Nanoseconds that never go back.
    """

    def __init__(
        self,
        limits: Mapping[Lane, int],
        *,
        clock_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._limits = {lane: n for lane, n in limits.items() if n}
        self._clock_ns = clock_ns
        # As many as there are keys that were used: no stranger gets this far.
        self._buckets: dict[tuple[str, Lane], Bucket] = {}

    def take(self, principal: Principal, lane: Lane, n_items: int) -> Standing | None:
        """
        Take *n_items* from what *principal* may have, all or none.

        Returns:
            How it stands then, and how long to wait if nothing was taken; None where
            there is no limit.

        Raises:
            TooManyItemsError: If so many can never be had at once.
        """
        limit = self._limits.get(lane)
        if limit is None:
            return None
        if n_items > limit:
            msg = f"{n_items} items at once, a key may have {limit} a minute; send less"
            raise TooManyItemsError(msg)
        key = (principal.key_id, lane)
        if key not in self._buckets:
            self._buckets[key] = Bucket(limit, WINDOW_S)
        return self._buckets[key].take(n_items, self._clock_ns())

    def give_back(
        self, principal: Principal, lane: Lane, n_items: int
    ) -> Standing | None:
        """Undo that *n_items* were taken, and return how it stands then."""
        bucket = self._buckets.get((principal.key_id, lane))
        return bucket.give_back(n_items, self._clock_ns()) if bucket else None

    def headers(self, lane: Lane, standing: Standing) -> dict[str, str]:
        """Return *standing* as draft-ietf-httpapi-ratelimit-headers-11 writes it."""
        whole_s = math.ceil(standing.whole_ns / _NS)
        return {
            "RateLimit-Policy": f'"{lane}";q={self._limits[lane]};w={WINDOW_S}',
            "RateLimit": f'"{lane}";r={standing.left};t={whole_s}',
        }


class Charge:
    """
    Counts *n_items* against the key of *request*; the answer will say what is left.

    What is refused inside, because there is no time or no model for it, was not scored:
    it is not counted, so that to try again is not to pay twice.

    Raises:
        RateLimitedError: If the key has used up what it may have in a minute.
        TooManyItemsError: If so many can never be had at once.
    """

    def __init__(self, request: Request, lane: Lane, n_items: int) -> None:
        self._request = request
        self._quotas = cast("Quotas", request.app.state.quotas)
        self._lane = lane
        self._n_items = n_items

    def __enter__(self) -> None:
        """Count them."""
        who = self._request.state.principal
        standing = self._quotas.take(who, self._lane, self._n_items)
        self._tell(standing)
        if standing and standing.wait_ns:
            wait_s = standing.wait_ns / _NS
            msg = (
                f"{self._n_items} more items are too many for this minute: "
                f"{standing.left} are left; try again in {math.ceil(wait_s)} s"
            )
            raise RateLimitedError(msg, retry_after_s=wait_s)

    def __exit__(self, kind: type[BaseException] | None, *details: object) -> None:
        """Give them back if they were refused."""
        if kind is not None and issubclass(kind, (BusyError, BundleError)):
            who = self._request.state.principal
            self._tell(self._quotas.give_back(who, self._lane, self._n_items))

    def _tell(self, standing: Standing | None) -> None:
        if standing:
            self._request.state.headers = self._quotas.headers(self._lane, standing)

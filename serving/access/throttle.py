"""Wrong keys at the door of the console: a few are a slip, many are guessing."""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from serving.access.buckets import Bucket
from serving.errors import RateLimitedError, UnauthenticatedError

WRONG_TRIES = 20
WINDOW_S = 60
_MOST_ADDRESSES = 10_000
_V6_NETWORK = 64
_NS = 1_000_000_000


class Throttle:
    """
    Lets an address be wrong so often in a minute; who is right pays nothing.

    Args:
        clock_ns: Nanoseconds that never go back.
    """

    def __init__(self, *, clock_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._clock_ns = clock_ns
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    @contextmanager
    def attempt(self, address: str) -> Iterator[None]:
        """
        Let *address* try once; it counts only if it ends in ``UnauthenticatedError``.

        Raises:
            RateLimitedError: If it was wrong too often.
        """
        bucket = self._bucket(_network(address))
        wait_ns = bucket.take(1, self._clock_ns()).wait_ns
        if wait_ns:
            wait_s = wait_ns / _NS
            msg = f"too many wrong keys; try again in {math.ceil(wait_s)} s"
            raise RateLimitedError(msg, retry_after_s=wait_s)
        try:
            yield
        except UnauthenticatedError:
            raise
        except BaseException:
            bucket.give_back(1, self._clock_ns())
            raise
        else:
            bucket.give_back(1, self._clock_ns())

    def _bucket(self, network: str) -> Bucket:
        bucket = self._buckets.pop(network, None) or Bucket(WRONG_TRIES, WINDOW_S)
        self._buckets[network] = bucket
        if len(self._buckets) > _MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        return bucket


def _network(address: str) -> str:
    """Return what one caller has: an address, or the network of one in IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:  # noqa: PLR2004 -- IPv4
        return address
    return str(ipaddress.ip_network((parsed, _V6_NETWORK), strict=False))

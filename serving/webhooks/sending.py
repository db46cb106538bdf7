"""A message is sent, once; whatever the receiver does, it takes bounded time and room."""

import json
import ssl
import time
from collections.abc import Callable
from typing import Any

import anyio
import anyio.to_thread
import httpx

from serving.db import Delivery, Endpoint, Try
from serving.errors import WebhookAddressError
from serving.webhooks.guard import Guard, Target
from serving.webhooks.signing import signed_headers

CONNECT_S, READ_S, TOTAL_S = 5.0, 10.0, 15.0
ADDRESS, TIMEOUT, CONNECTION, TLS, ANSWER = (
    "address", "timeout", "connection", "tls", "answer",
)  # fmt: skip
_MOST_RESOLVING = 32
_AGENT = "kiemtin-webhooks/1"


class Sender:
    """
    Sends messages; asks no proxy, follows no redirect, keeps no connection.

    Args:
        guard: Says where messages may go; asked again each time.
        clock: The time of day, in seconds.
        ssl_context: What certificates are held against.
        total_s: How long a try may take, all in all.
    """

    def __init__(
        self,
        guard: Guard,
        *,
        clock: Callable[[], float] = time.time,
        ssl_context: ssl.SSLContext | None = None,
        total_s: float = TOTAL_S,
    ) -> None:
        self._guard, self._clock, self._total_s = guard, clock, total_s
        # Not one that is shared by two names of an address: its certificate was held
        # against the first of them alone.
        self._client = httpx.AsyncClient(
            verify=ssl_context or httpx.create_ssl_context(),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(READ_S, connect=CONNECT_S),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )
        self._resolving = anyio.CapacityLimiter(_MOST_RESOLVING)

    async def send(self, delivery: Delivery, endpoint: Endpoint) -> Try:
        """Send *delivery* to *endpoint* and return how it went."""
        try:
            with anyio.fail_after(self._total_s):
                target = await anyio.to_thread.run_sync(
                    self._guard.check,
                    endpoint.url,
                    limiter=self._resolving,
                    abandon_on_cancel=True,
                )
                return await self._post(target, delivery, endpoint)
        except WebhookAddressError:
            return Try(None, ADDRESS)
        except (TimeoutError, httpx.TimeoutException):
            return Try(None, TIMEOUT)
        except httpx.TransportError as e:
            return Try(None, _reason(e))

    async def close(self) -> None:
        """Close what is open."""
        await self._client.aclose()

    async def _post(
        self, target: Target, delivery: Delivery, endpoint: Endpoint
    ) -> Try:
        body = body_of(delivery)
        at_s = int(self._clock())
        values = [x.value for x in endpoint.secrets if not x.has_ended(at_s)]
        headers = {
            "Host": target.url.netloc.decode("ascii"),
            "Content-Type": "application/json",
            "User-Agent": _AGENT,
            "Accept-Encoding": "identity",
            "Connection": "close",
            **signed_headers(values, delivery.id, at_s, body),
        }
        for address in target.addresses[:-1]:
            try:
                return await self._try(target, address, headers, body)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._try(target, target.addresses[-1], headers, body)

    async def _try(
        self, target: Target, address: str, headers: dict[str, str], body: bytes
    ) -> Try:
        request = self._client.build_request(
            "POST",
            target.url.copy_with(host=address),
            headers=headers,
            content=body,
            extensions={"sni_hostname": target.host},
        )
        # Only the status is read: what else is said may be of any length.
        answer = await self._client.send(request, stream=True)
        await answer.aclose()
        return Try(answer.status_code, None if answer.is_success else ANSWER)


def body_of(delivery: Delivery) -> bytes:
    """Return what is sent: the same bytes at each try."""
    content: dict[str, Any] = {
        "type": delivery.event,
        "timestamp": delivery.created_at.isoformat().replace("+00:00", "Z"),
        "data": delivery.payload,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return text.encode()


def _reason(error: httpx.TransportError) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return TLS
        cause = cause.__cause__ or cause.__context__
    return ANSWER if isinstance(error, httpx.ProtocolError) else CONNECTION

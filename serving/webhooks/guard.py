"""
Addresses that a stranger chose are kept away from the private network.

The name is resolved here, and the connection goes to the very address that was looked
at: a name that means another address a moment later (DNS rebinding) leads nowhere.
"""

import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx

from serving.errors import WebhookAddressError

Resolve = Callable[[str, int], Sequence[str]]
Address = IPv4Address | IPv6Address

_MOST_ADDRESSES = 4
_HTTP_PORT, _HTTPS_PORT = 80, 443
_LEAST_FREE_PORT, _MOST_PORT = 1024, 65_535
_GLOBAL_V6 = IPv6Network("2000::/3")
_REFUSED = (
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
    IPv4Network("168.63.129.16/32"),  # what machines of a cloud ask of their host
    IPv6Network("2001::/23"),  # Teredo and others of the protocol's own
    IPv6Network("2002::/16"),  # 6to4: an IPv4 address inside
    IPv6Network("3fff::/20"),  # documentation
)


@dataclass(frozen=True, slots=True)
class Target:
    """
    Where a message goes.

    Attributes:
        url: As it was given.
        host: The name in it, or the address; for the certificate and ``Host``.
        addresses: What that means, each of them looked at; never empty.
    """

    url: httpx.URL
    host: str
    addresses: tuple[str, ...]


class Guard:
    """
    Says where messages may go.

    Args:
        hosts: Those that may be in the private network, and need no TLS.
        resolve: Returns the addresses of a name; raises OSError if there are none.
    """

    def __init__(
        self, hosts: Collection[str] = (), *, resolve: Resolve | None = None
    ) -> None:
        self._hosts = frozenset(x.lower() for x in hosts)
        self._resolve = resolve or _resolve

    def check(self, url: str) -> Target:
        """
        Return where *url* leads now; asks the resolver, which may take its time.

        Raises:
            WebhookAddressError: If nothing may be sent there.
        """
        parsed = _parse(url)
        host = parsed.raw_host.decode("ascii").lower()
        is_ours = host in self._hosts
        if not is_ours:
            _check_stranger(parsed)
        addresses = self._find(host, _port(parsed))
        if not is_ours and not all(map(is_public, addresses)):
            msg = "the host is in a private network, or not one that can be reached"
            raise WebhookAddressError(msg)
        return Target(parsed, host, tuple(map(str, addresses[:_MOST_ADDRESSES])))

    def _find(self, host: str, port: int) -> list[Address]:
        try:
            found = self._resolve(host, port)
            # A zone (fe80::1%eth0) names an interface of this machine.
            addresses = [ip_address(x.partition("%")[0]) for x in found]
        except (OSError, UnicodeError, ValueError):
            addresses = []
        if not addresses:
            msg = "nobody knows the address of the host"
            raise WebhookAddressError(msg)
        return list(dict.fromkeys(addresses))


def is_public(address: Address) -> bool:
    """Say whether *address* is one of the open Internet, for one host, and plainly."""
    if any(address.version == x.version and address in x for x in _REFUSED):
        return False
    if isinstance(address, IPv6Address) and address not in _GLOBAL_V6:
        # All others: mapped IPv4 addresses, NAT64, local ones, and those of nobody.
        return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_unspecified
    )


def _parse(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        msg = "it is not an address"
        raise WebhookAddressError(msg) from None
    if parsed.scheme not in {"https", "http"} or not parsed.host:
        msg = "it must begin with https:// and name a host"
        raise WebhookAddressError(msg)
    if not 1 <= _port(parsed) <= _MOST_PORT:
        msg = f"the port must be 1 to {_MOST_PORT}"
        raise WebhookAddressError(msg)
    if parsed.userinfo or parsed.fragment:
        msg = "it must have neither a user nor a fragment"
        raise WebhookAddressError(msg)
    return parsed


def _check_stranger(url: httpx.URL) -> None:
    if url.scheme != "https":
        msg = "only https is allowed, except for hosts of KIEMTIN_WEBHOOK_HOSTS"
        raise WebhookAddressError(msg)
    port = _port(url)
    if port != _HTTPS_PORT and port < _LEAST_FREE_PORT:
        msg = f"the port must be {_HTTPS_PORT}, or at least {_LEAST_FREE_PORT}"
        raise WebhookAddressError(msg)


def _port(url: httpx.URL) -> int:
    if url.port is not None:
        return url.port
    return _HTTPS_PORT if url.scheme == "https" else _HTTP_PORT


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(x[4][0]) for x in found]

"""Which addresses and names mean this machine and no other."""

import ipaddress
import re
from functools import lru_cache

_HOST = re.compile(r"(?:\[(?P<v6>[^\]]*)\]|(?P<name>[^:\[\]]*))(?::\d*)?")


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Say whether *host*, an address or a name, is reached from this machine only."""
    name = host.lower().removesuffix(".")
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=256)
def host_name(header: str) -> str:
    """Return the name in a ``Host`` header, without its port; empty if it has none."""
    match = _HOST.fullmatch(header.strip())
    if match is None:
        return ""
    return (match["v6"] or match["name"] or "").lower()

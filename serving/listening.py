"""The socket that a service listens on, and what holds for all that come of it."""

import errno
import socket

from serving.errors import AddressUnavailableError, PortInUseError

BACKLOG = 2048
"""How many may wait to be accepted; the system may allow fewer (net.core.somaxconn)."""

_OPTIONS = {
    # A caller that vanished without a word: asked after a minute of silence, gone after
    # three questions without an answer. What was sent and nobody acknowledged counts too.
    "TCP_KEEPIDLE": 60,
    "TCP_KEEPINTVL": 15,
    "TCP_KEEPCNT": 3,
    "TCP_USER_TIMEOUT": 105_000,  # milliseconds: the same time in all
    "TCP_NODELAY": 1,
}


def listen(host: str, port: int) -> socket.socket:
    """
    Return a socket that listens; connections inherit what is set here.

    Raises:
        PortInUseError: If somebody else listens there.
        AddressUnavailableError: If nobody can.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _OPTIONS.items():
        if hasattr(socket, name):  # not every system has them all
            listener.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as e:
        listener.close()
        if e.errno == errno.EADDRINUSE:
            msg = (
                f"port {port} of {host} is taken; choose another with --port, "
                f"or PORT={port + 1} for make"
            )
            raise PortInUseError(msg) from None
        msg = f"cannot listen on port {port} of {host}: {e.strerror}"
        raise AddressUnavailableError(msg) from None
    return listener

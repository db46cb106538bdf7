"""The socket that everybody comes to."""

import socket

import pytest

from serving.errors import AddressUnavailableError, PortInUseError
from serving.listening import listen


def test_connections_inherit_what_finds_the_dead() -> None:
    """Nothing has to be set for each of them."""
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT) == 3
                timeout = getattr(socket, "TCP_USER_TIMEOUT", None)
                if timeout is not None:
                    assert accepted.getsockopt(socket.IPPROTO_TCP, timeout) == 105_000


def test_a_port_that_is_taken() -> None:
    """The message says which, and how to choose another."""
    with (
        listen("127.0.0.1", 0) as taken,
        pytest.raises(PortInUseError, match=f"port {taken.getsockname()[1]} .*--port"),
    ):
        listen("127.0.0.1", taken.getsockname()[1])


def test_an_address_of_somebody_else() -> None:
    """What is not ours cannot be listened on (RFC 5737)."""
    with pytest.raises(AddressUnavailableError, match=r"192\.0\.2\.1"):
        listen("192.0.2.1", 0)

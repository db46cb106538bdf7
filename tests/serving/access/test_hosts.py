"""Which names mean this machine."""

import pytest

from serving.access.hosts import host_name, is_loopback


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1.2.3", "::1", "localhost", "LocalHost", "localhost."]
)
def test_loopback(host: str) -> None:
    """Other machines cannot reach these."""
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "0.0.0.0",  # noqa: S104 - nobody listens here
        "::",
        "10.0.0.1",
        "example.org",
        "127.0.0.1.nip.io",
        "localhost.example",
    ],
)
def test_not_loopback(host: str) -> None:
    """These may lead here from elsewhere, whatever they look like."""
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost", "localhost"),
        ("localhost:8000", "localhost"),
        ("LOCALHOST:8000", "localhost"),
        ("[::1]:8000", "::1"),
        ("[::1]", "::1"),
        ("127.0.0.1:", "127.0.0.1"),
        ("", ""),
        ("::1", ""),
        ("localhost:8000:1", ""),
        ("localhost@evil.example", "localhost@evil.example"),
        ("localhost, evil.example", "localhost, evil.example"),
    ],
)
def test_the_name_in_a_header(header: str, name: str) -> None:
    """The port goes; what cannot be read is no name of ours."""
    assert host_name(header) == name
    assert name in {"", "localhost", "::1", "127.0.0.1"} or not is_loopback(name)

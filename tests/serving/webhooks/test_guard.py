"""No message goes where a stranger should not reach."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.errors import WebhookAddressError
from serving.webhooks.guard import Guard, is_public

PUBLIC = "93.184.215.14"


def _guard(*addresses: str, hosts: tuple[str, ...] = ()) -> Guard:
    return Guard(hosts, resolve=lambda host, port: addresses)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.1.2.3", "10.0.0.1", "172.16.0.1",
        "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "100.100.100.200", "168.63.129.16", "192.0.0.1", "192.0.2.1", "198.18.0.1",
        "192.88.99.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1",
        "::ffff:93.184.215.14", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1",
        "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1",
        "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public(address: str) -> None:
    """Whatever is not one host of the open Internet is refused, also beside a good one."""
    for addresses in ([address], [PUBLIC, address], [address, PUBLIC]):
        with pytest.raises(WebhookAddressError):
            _guard(*addresses).check("https://hooks.example/")


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111"])
def test_a_public_address(address: str) -> None:
    """What anybody may reach may be told, at the address that was looked at."""
    target = _guard(address).check("https://Hooks.example:8443/a?b=c")

    assert (target.host, target.addresses) == ("hooks.example", (address,))
    assert str(target.url) == "https://hooks.example:8443/a?b=c"


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_is_public(address: object) -> None:
    """Our rules only ever refuse more than those of Python."""
    found = ip_address(str(address))
    assert found.is_global or not is_public(found)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "gopher://hooks.example/",
        "//hooks.example/",
        "hooks.example",
        "",
        "https://",
        "https:///hook",
        "https://user@hooks.example/",
        "https://user:pass@hooks.example/",
        "https://hooks.example@127.0.0.1/",
        "https://hooks.example/#part",
        "https://hooks.example:22/",
        "https://hooks.example:80/",
        "https://hooks.example:0/",
        "https://hooks.example:70000/",
        "https://hooks.example:x/",
        "https://hooks.example/\r\nHost: internal",
        "https://[::1/",
        "https://exa\x00mple/",
    ],
)
def test_a_url_that_is_not_taken(url: str) -> None:
    """Another scheme, a user, a part, an odd port: none of it is needed, or safe."""
    with pytest.raises(WebhookAddressError):
        _guard(PUBLIC).check(url)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "localhost",
     "[::ffff:127.0.0.1]", "localhost.", "0"],
)  # fmt: skip
def test_this_machine_by_its_many_names(host: str) -> None:
    """However this machine is written, the resolver knows it, and it is refused."""
    with pytest.raises(WebhookAddressError):
        Guard().check(f"https://{host}/")


def test_a_name_that_nobody_knows() -> None:
    """What cannot be resolved cannot be told."""

    def resolve(host: str, port: int) -> list[str]:
        raise OSError

    with pytest.raises(WebhookAddressError, match="nobody knows"):
        Guard(resolve=resolve).check("https://hooks.example/")


def test_hosts_of_the_setting_may_be_private() -> None:
    """Who runs the service may name hosts of their own, without TLS and by any port."""
    guard = _guard("10.0.0.7", hosts=("Hooks.internal",))

    assert guard.check("http://hooks.internal:99/").addresses == ("10.0.0.7",)
    with pytest.raises(WebhookAddressError):
        guard.check("http://other.internal:99/")


def test_errors_do_not_say_what_is_inside() -> None:
    """Who asks learns neither the address nor whether somebody listens there."""
    with pytest.raises(WebhookAddressError) as e:
        _guard("10.1.2.3").check("https://hooks.example/")

    assert "10.1.2.3" not in str(e.value)

"""A download is whole or not at all, and goes on where it broke off."""

from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fixtures.file_server import Fault, Site, serving_files
from training.errors import FetchError
from training.fetching import transfer
from training.fetching.transfer import download

CONTENT = bytes(range(256)) * 40
OTHER = bytes(reversed(CONTENT))
NO_PAUSES = (0.0, 0.0)

Get = Callable[..., None]


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """Where the download goes."""
    return tmp_path / "a.csv.part"


@pytest.fixture
def get(client: httpx.Client, part: Path) -> Get:
    """Download an address to the part, without waiting between tries."""

    def get(url: str, pauses_s: Sequence[float] = NO_PAUSES) -> None:
        download(
            url, part, client=client, progress=lambda n, m: None, pauses_s=pauses_s
        )

    return get


def test_file_comes_whole(site: Site, client: httpx.Client, part: Path) -> None:
    """Every byte comes, and who watches hears of the last one."""
    heard: list[tuple[int, int | None]] = []

    download(
        site.publish("a.csv", CONTENT),
        part,
        client=client,
        progress=lambda *n: heard.append(n),
    )

    assert part.read_bytes() == CONTENT
    assert heard[-1] == (len(CONTENT), len(CONTENT))


def test_next_try_goes_on(site: Site, get: Get, part: Path) -> None:
    """After a cut only the rest is asked for: no byte is sent twice."""
    site.faults = [Fault(n_bytes=1000), Fault(n_bytes=2000)]

    get(site.publish("a.csv", CONTENT))

    assert part.read_bytes() == CONTENT
    assert [x.get("Range") for x in site.asked] == [None, "bytes=1000-", "bytes=3000-"]
    assert site.n_sent == len(CONTENT)


def test_next_run_goes_on(site: Site, get: Get, part: Path) -> None:
    """What came of a download that failed is kept, said, and built on."""
    site.faults = [Fault(n_bytes=1000)]
    url = site.publish("a.csv", CONTENT)
    with pytest.raises(FetchError, match=r"1 tries.*1000 bytes are kept"):
        get(url, pauses_s=())

    get(url)

    assert part.read_bytes() == CONTENT
    assert site.n_sent == len(CONTENT)


@settings(max_examples=25, deadline=None)
@given(
    content=st.binary(min_size=1, max_size=300),
    cuts=st.lists(st.integers(0, 120), max_size=4),
)
def test_cuts_leave_no_trace(
    content: bytes,
    cuts: list[int],
    client: httpx.Client,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """However often it is cut, the file is the published one, and no byte comes twice."""
    part = tmp_path_factory.mktemp("cuts") / "part"
    with serving_files() as site:
        site.faults = [Fault(n_bytes=n) for n in cuts]
        download(
            site.publish("a", content),
            part,
            client=client,
            progress=lambda n, m: None,
            pauses_s=[0.0] * len(cuts),
        )

        assert part.read_bytes() == content
        assert site.n_sent == len(content)


def test_changed_file_comes_anew(site: Site, get: Get, part: Path) -> None:
    """If the file is another one after the cut, its beginning is not kept."""
    site.faults = [Fault(n_bytes=1000)]
    url = site.publish("a.csv", CONTENT)
    with pytest.raises(FetchError):
        get(url, pauses_s=())
    site.headers = {"ETag": '"two"'}
    site.publish("a.csv", OTHER)

    get(url)

    assert site.asked[-1]["If-Range"] == '"one"'
    assert part.read_bytes() == OTHER


def test_other_address_comes_anew(site: Site, get: Get, part: Path) -> None:
    """The beginning of one file is not taken for that of another."""
    site.faults = [Fault(n_bytes=1000)]
    with pytest.raises(FetchError):
        get(site.publish("a.csv", CONTENT), pauses_s=())

    get(site.publish("b.csv", OTHER))

    assert part.read_bytes() == OTHER


def test_server_without_ranges(site: Site, get: Get, part: Path) -> None:
    """A server that sends all of it again costs time, not the file."""
    site.knows_ranges = False
    site.faults = [Fault(n_bytes=1000)]

    get(site.publish("a.csv", CONTENT))

    assert part.read_bytes() == CONTENT
    assert site.n_sent == 1000 + len(CONTENT)


@pytest.mark.parametrize(
    ("headers", "validator"),
    [
        ({"Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}, "Mon, 01 Jan 2024"),
        ({"ETag": 'W/"1"', "Last-Modified": "Tue, 02 Jan 2024 00:00:00 GMT"}, "Tue"),
        ({"ETag": 'W/"1"'}, None),
        ({}, None),
    ],
)
def test_rest_is_asked_for_only_if_it_fits(
    headers: dict[str, str],
    validator: str | None,
    site: Site,
    get: Get,
    part: Path,
) -> None:
    """Without a strong ETag or a date nothing shows that the rest belongs to the part."""
    site.headers = headers
    site.faults = [Fault(n_bytes=1000)]

    get(site.publish("a.csv", CONTENT))

    assert part.read_bytes() == CONTENT
    if validator:
        assert site.asked[-1]["If-Range"].startswith(validator)
    else:
        assert "Range" not in site.asked[-1]


def test_part_that_is_too_long(site: Site, get: Get, part: Path) -> None:
    """A part that reaches beyond the end of the file is thrown away."""
    site.faults = [Fault(n_bytes=1000)]
    url = site.publish("a.csv", CONTENT)
    with pytest.raises(FetchError):
        get(url, pauses_s=())
    part.write_bytes(CONTENT * 2)

    get(url)

    assert part.read_bytes() == CONTENT


@pytest.mark.parametrize("fault", [Fault(status=503), Fault(status=429)])
def test_passing_failure_is_tried_again(
    fault: Fault, site: Site, get: Get, part: Path
) -> None:
    """A server that is busy gets three tries."""
    site.faults = [fault] * 2

    get(site.publish("a.csv", CONTENT))

    assert part.read_bytes() == CONTENT


def test_lasting_failure_is_said(site: Site, get: Get) -> None:
    """After three tries it ends with what the server said last."""
    site.faults = [Fault(status=500)] * 3

    with pytest.raises(FetchError, match="3 tries, the last: 500"):
        get(site.publish("a.csv", CONTENT))

    assert len(site.asked) == 3


def test_silence_is_not_waited_for(site: Site, get: Get, part: Path) -> None:
    """A server that says nothing is asked again."""
    site.faults = [Fault(silent=True)]

    get(site.publish("a.csv", CONTENT))

    assert part.read_bytes() == CONTENT


def test_missing_file_is_not_asked_for_again(site: Site, get: Get) -> None:
    """What is not there will not be there in a second."""
    with pytest.raises(FetchError, match="404 Not Found"):
        get(f"{site.address}/a.csv")

    assert len(site.asked) == 1


def test_redirect_is_followed(site: Site, get: Get, part: Path) -> None:
    """Publishers move files to other machines."""
    site.publish("b.csv", CONTENT)
    site.redirects = {"/a.csv": "/b.csv"}

    get(f"{site.address}/a.csv")

    assert part.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("http://example.org/a.csv", "http://example.org, which is not https"),
        ("ftp://127.0.0.1/a.csv", "not https"),
        ("file:///etc/passwd", "not https"),
        ("https://127.0.0.1:x/a.csv", "Invalid port"),
        ("/a.csv", "more than 5 redirects"),
    ],
)
def test_redirect_leads_nowhere_unsafe(
    target: str, message: str, site: Site, get: Get
) -> None:
    """Nobody on the way may change what comes, nor send us around for ever."""
    site.redirects = {"/a.csv": target}

    with pytest.raises(FetchError, match=message):
        get(f"{site.address}/a.csv")


def test_plain_address_is_refused(get: Get) -> None:
    """An address that is not https is not asked, except on this machine."""
    with pytest.raises(FetchError, match="not https"):
        get("http://example.org/a.csv")


def test_address_that_is_none(get: Get) -> None:
    """What is no address is said, not tried again and again."""
    with pytest.raises(FetchError, match=r"x/a.csv: Invalid port"):
        get("https://127.0.0.1:x/a.csv")


def test_size_has_a_limit(
    site: Site, get: Get, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that says it is too large is not begun."""
    monkeypatch.setattr(transfer, "MOST_BYTES", 9000)

    with pytest.raises(FetchError, match="10240 bytes, at most 9000"):
        get(site.publish("a.csv", CONTENT))

    assert not part.exists()


def test_end_must_be_known(site: Site, get: Get) -> None:
    """Where nothing tells a cut from the end, a part could pass for the file."""
    site.says_length = False

    with pytest.raises(FetchError, match="does not say how long"):
        get(site.publish("a.csv", CONTENT))


def test_encoded_file_is_refused(site: Site, get: Get) -> None:
    """Bytes that are packed on the way are not the published ones."""
    site.headers = {"Content-Encoding": "gzip"}

    with pytest.raises(FetchError, match="encoding gzip"):
        get(site.publish("a.csv", CONTENT))

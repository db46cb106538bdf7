"""Compressed bodies are read, and bombs do not go off."""

import gzip
import json
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from backports import zstd
from fastapi.testclient import TestClient

from serving.app import create_app
from serving.encodings import PIECE_BYTES, GzipMember, Member, Unpacker, ZstdFrame
from serving.errors import MalformedEncodingError
from serving.settings import Settings

POST = json.dumps({"text": "đồ ngu", "id": "a"}).encode()
CODECS: dict[str, tuple[Callable[[bytes], bytes], Callable[[], Member]]] = {
    "gzip": (gzip.compress, GzipMember),
    "zstd": (zstd.compress, ZstdFrame),
}
JSON = {"content-type": "application/json"}
SKIPPABLE = b"\x50\x2a\x4d\x18\x04\0\0\0abcd"
"""A frame of Zstandard that carries no content."""


@pytest.fixture(params=sorted(CODECS))
def codec(request: pytest.FixtureRequest) -> str:
    """The name of each compression that we read."""
    return str(request.param)


def compressed(codec: str, body: bytes) -> bytes:
    """Return *body* compressed."""
    return CODECS[codec][0](body)


def unpack(codec: str, *pieces: bytes) -> bytes:
    """Return what *pieces* hold."""
    unpacker = Unpacker(CODECS[codec][1])
    body = b"".join(x for piece in pieces for x in unpacker.feed(piece))
    unpacker.finish()
    return body


def gzip_zeros(n_bytes: int) -> Iterator[bytes]:
    """Yield a gzip file of so many zeros, which is a thousandth as long."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for _ in range(n_bytes >> 20):
        if piece := packer.compress(bytes(1 << 20)):
            yield piece
    yield packer.flush()


@pytest.fixture(scope="module")
def zeros() -> bytes:
    """Ten gigabytes of zeros in gzip, ten megabytes long."""
    # 64 MiB that end on a byte, so that copies of them can stand behind one another.
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(64 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + block * 160


@pytest.fixture
def small(bundle: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A client of a service that reads bodies of at most 1 MiB."""
    settings = Settings(
        bundle=bundle,
        max_body_bytes=1 << 20,
        database_url=f"sqlite:///{tmp_path / 'kiemtin.db'}",
    )
    with TestClient(create_app(settings)) as c:
        yield c


def test_it_comes_out_as_it_went_in(codec: str) -> None:
    """A compressed file is unpacked, in however small pieces it comes."""
    body = POST * 1000
    packed = compressed(codec, body)

    assert unpack(codec, packed) == body
    assert unpack(codec, *(packed[i : i + 1] for i in range(len(packed)))) == body


def test_several_members_are_one_body(codec: str) -> None:
    """Compressed files behind one another are one file, wherever they are cut."""
    packed = compressed(codec, b"a") + compressed(codec, b"") + compressed(codec, b"b")

    for cut in range(len(packed)):
        assert unpack(codec, packed[:cut], packed[cut:]) == b"ab"


def test_frames_without_content_are_skipped() -> None:
    """Zstandard allows frames that are for somebody else."""
    packed = zstd.compress(b"a")

    assert unpack("zstd", SKIPPABLE + packed + SKIPPABLE) == b"a"


def test_what_is_cut_off_is_refused(codec: str) -> None:
    """A file that ends too early is refused wherever it ends."""
    packed = compressed(codec, POST)

    for n in range(len(packed)):
        with pytest.raises(MalformedEncodingError, match="ends before"):
            unpack(codec, packed[:n])


def test_what_is_not_compressed_is_refused(codec: str) -> None:
    """Neither a body that is not compressed nor rubbish behind one that is will pass."""
    with pytest.raises(MalformedEncodingError, match="at member 1"):
        unpack(codec, POST)
    with pytest.raises(MalformedEncodingError, match="at member 2"):
        unpack(codec, compressed(codec, POST) + b"rubbish")


def test_a_broken_checksum_is_refused() -> None:
    """What gzip's checksum does not hold for is refused."""
    packed = bytearray(gzip.compress(POST))
    packed[-8] ^= 1

    with pytest.raises(MalformedEncodingError):
        unpack("gzip", bytes(packed))


def test_pieces_are_small(codec: str) -> None:
    """However much a piece unpacks to, it comes in pieces of 64 KiB."""
    packed = compressed(codec, bytes(1 << 24))
    sizes = [len(x) for x in Unpacker(CODECS[codec][1]).feed(packed)]

    assert max(sizes) == PIECE_BYTES
    assert sum(sizes) == 1 << 24


def test_a_window_that_is_too_large() -> None:
    """A sender may not ask for more memory than RFC 9659 allows."""
    window: dict[int, int] = {zstd.CompressionParameter.window_log: 27}
    packer = zstd.ZstdCompressor(options=window)
    packed = packer.compress(bytes(1000)) + packer.flush()

    with pytest.raises(MalformedEncodingError):
        unpack("zstd", packed)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/score", POST),
        ("/v1/score/batch", b'{"items": [%s]}' % POST),
        ("/v1/score/stream", POST),
    ],
)
def test_routes_read_compressed_bodies(
    client: TestClient, codec: str, path: str, body: bytes
) -> None:
    """Every route that reads JSON reads it compressed, and answers as otherwise."""
    media_type = "application/x-ndjson" if "stream" in path else "application/json"
    headers = {"content-type": media_type}

    plain = client.post(path, content=body, headers=headers)
    packed = client.post(
        path,
        content=compressed(codec, body),
        headers={**headers, "content-encoding": codec},
    )

    assert packed.status_code == 200
    assert packed.text == plain.text


@pytest.mark.parametrize("name", ["GZIP", "x-gzip", " gzip "])
def test_other_names_of_gzip(client: TestClient, name: str) -> None:
    """Names of codings know no case, and gzip has an old one."""
    headers = {**JSON, "content-encoding": name}

    assert client.post("/v1/score", content=gzip.compress(POST), headers=headers).is_success  # fmt: skip


def test_identity_is_no_compression(client: TestClient) -> None:
    """A body may say that it is not compressed."""
    headers = {**JSON, "content-encoding": "identity"}

    assert client.post("/v1/score", content=POST, headers=headers).is_success


@pytest.mark.parametrize("name", ["br", "deflate", "gzip, gzip", "gzip, zstd", "đ"])
@pytest.mark.parametrize("path", ["/v1/score", "/v1/score/stream"])
def test_other_codings_are_refused(client: TestClient, path: str, name: str) -> None:
    """What we cannot undo, or would have to undo twice, is refused with what we can."""
    sent = {b"content-type": b"application/json", b"content-encoding": name.encode()}
    r = client.post(path, content=POST, headers=sent)

    assert (r.status_code, r.json()["code"]) == (415, "unsupported_media_type")
    assert r.headers["accept-encoding"] == "gzip, zstd"


@pytest.mark.parametrize("cut", [-1, 5, 0])
def test_a_body_that_is_cut_off(client: TestClient, codec: str, cut: int) -> None:
    """A compressed body that is not whole is 400, and nothing of it is scored."""
    r = client.post(
        "/v1/score",
        content=compressed(codec, POST)[:cut],
        headers={**JSON, "content-encoding": codec},
    )

    assert (r.status_code, r.json()["code"]) == (400, "malformed_encoding")


def test_ten_gigabytes_are_not_unpacked(small: TestClient, zeros: bytes) -> None:
    """A bomb that is itself short enough is unpacked to the limit and no further."""
    headers = {**JSON, "content-encoding": "gzip"}
    bomb = zeros[: 1 << 20]

    tracemalloc.start()
    try:
        r = small.post("/v1/score", content=bomb, headers=headers)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (r.status_code, r.json()["code"]) == (413, "body_too_large")
    assert peak < 16 << 20


def test_a_long_bomb_is_not_even_read(small: TestClient, zeros: bytes) -> None:
    """The limit holds for what is sent, too."""
    headers = {**JSON, "content-encoding": "gzip"}

    r = small.post("/v1/score", content=zeros, headers=headers)
    in_pieces = small.post("/v1/score", content=iter([zeros]), headers=headers)

    assert {r.json()["code"], in_pieces.json()["code"]} == {"body_too_large"}


def test_many_members_of_nothing(small: TestClient) -> None:
    """What unpacks to nothing is counted as it was sent."""
    pieces = iter([gzip.compress(b"") * 1000] * 100)

    r = small.post(
        "/v1/score", content=pieces, headers={**JSON, "content-encoding": "gzip"}
    )

    assert (r.status_code, r.json()["code"]) == (413, "body_too_large")


def test_a_bomb_in_a_bomb(small: TestClient) -> None:
    """Only one layer is unpacked: what is inside is not JSON."""
    nested = gzip.compress(b"".join(gzip_zeros(100 << 20)))

    r = small.post(
        "/v1/score", content=nested, headers={**JSON, "content-encoding": "gzip"}
    )

    assert (r.status_code, r.json()["code"]) == (400, "invalid_unicode")

"""JSON and forms that cost more than they say, and callers who do not notice."""

import asyncio

import pytest

from tests.e2e.conftest import Service
from tests.fixtures.neighbours import ask, run

pytestmark = pytest.mark.timeout(120)

HEAD = (
    b"POST /v1/score HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
)
END_S = 20


def _fill(start: str, unit: str, end: str) -> bytes:
    return f"{start}{unit * (900_000 // len(unit))}{end}".encode()


MANY = ",".join(f'"k{i}":0' for i in range(70_000))
BOMBS = {
    "100 deep": b"[" * 100 + b"]" * 100,
    "100 deep in a text": b'{"text":' + b"[" * 100 + b"]" * 100 + b"}",
    "100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "100,000 deep, objects": b'{"text":' * 100_000 + b"1" + b"}" * 100_000,
    "without end": b"[" * 900_000,
    "keys": f'{{"text":"a",{MANY}}}'.encode(),
    "keys of an item": f'{{"items":[{{"text":"a",{MANY}}}]}}'.encode(),
    "the same key": _fill('{"text":"a"', ',"text":"b"', "}"),
    "labels": _fill('{"text":"a","labels":["spam"', ',"x"', "]}"),
    "items": _fill('{"items":[0', ",[]", "]}"),
    "inputs": _fill('{"input":[0', ",0", "]}"),
    "digits": b'{"text":"a","id":' + b"9" * 100_000 + b"}",
    "exponent": b'{"text":"a","id":1e999999}',
    "timeout": b'{"inputs":[{"name":"text","shape":[1],"datatype":"BYTES","data":["a"]}],'
    b'"parameters":{"timeout":1' + b"0" * 400 + b"}}",
    "no number": b'{"text":NaN}',
    "infinite": b'{"items":[-Infinity]}',
    "half a pair": rb'{"text":"\ud800"}',
    "zeros": b"\0" * 1_000,
    "blank": b" " * 900_000,
}
JSON_ROUTES = [
    "/v1/score",
    "/v1/score/batch",
    "/v1/score/stream",
    "/v1/moderations",
    "/v1alpha1/comments:analyze",
    "/v2/models/kiemtin/infer",
    "/v1/models/none:activate",
]


@pytest.mark.parametrize("name", BOMBS)
def test_json_that_costs_more_than_it_says(service: Service, name: str) -> None:
    """It is refused on every route, before it costs much."""

    def request(path: str) -> bytes:
        kind = "application/x-ndjson" if path.endswith("stream") else "application/json"
        head = f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {kind}\r\n"
        body = BOMBS[name]
        return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body

    async def attack() -> list[int]:
        asking = [ask(service.port, request(path)) for path in JSON_ROUTES]
        async with asyncio.timeout(END_S):
            return await asyncio.gather(*asking)

    statuses = dict(zip(JSON_ROUTES, run(attack(), service.port), strict=True))

    assert statuses.pop("/v1/score/stream") == 200, "its lines fail alone"
    assert {x for x in statuses.values() if not 400 <= x < 500} <= {200}, statuses


def test_the_same_key_twice(service: Service) -> None:
    """The last one counts, whichever way the request takes."""

    async def attack() -> list[bytes]:
        answers = []
        for kind in (b"application/json", b"application/json; charset=UTF-8"):
            reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
            body = b'{"id":"a","text":"b","text":"","id":"c"}'
            head = HEAD.replace(b"application/json", kind)
            writer.write(head + b"content-length: %d\r\n\r\n" % len(body) + body)
            head = await reader.readuntil(b"\r\n\r\n")
            answers.append(head.split()[1])
            writer.close()
        return answers

    assert run(attack(), service.port) == [b"422", b"422"]


def test_a_form_of_nothing_but_fields(service: Service) -> None:
    """The page does not count them one by one."""
    body = b"&" * 5_000_000
    head = b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n" % len(body)
    kind = b"content-type: application/x-www-form-urlencoded\r\n\r\n"

    assert run(ask(service.port, head + kind + body), service.port) == 400

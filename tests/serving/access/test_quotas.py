"""So much a minute for each key, and its headers."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from kiemtin.errors import BundleMissingError, KiemtinError
from serving.access.principals import ANONYMOUS, Principal
from serving.access.quotas import Quotas
from serving.app import create_app
from serving.engine import Lane
from serving.errors import DeadlineError, QueueFullError, TooManyItemsError
from serving.problems import status_of
from serving.settings import Settings

OTHER = Principal("key_other", frozenset())


class Clock:
    """Nanoseconds that stand still until they are told to go on."""

    def __init__(self) -> None:
        self.ns = 0

    def __call__(self) -> int:
        """Return the time."""
        return self.ns


@pytest.fixture
def clock() -> Clock:
    """A clock at rest."""
    return Clock()


@pytest.fixture
def quotas(clock: Clock) -> Quotas:
    """Ten a minute one by one, a hundred in batches."""
    return Quotas({Lane.INTERACTIVE: 10, Lane.BULK: 100}, clock_ns=clock)


def _waits(quotas: Quotas, who: Principal, lane: Lane, n: int) -> int:
    standing = quotas.take(who, lane, n)
    assert standing is not None
    return standing.wait_ns


def test_keys_and_lanes_are_apart(quotas: Quotas) -> None:
    """What one key used up, or one lane, is no matter of the others."""
    assert _waits(quotas, ANONYMOUS, Lane.INTERACTIVE, 10) == 0

    assert _waits(quotas, ANONYMOUS, Lane.INTERACTIVE, 1) > 0
    assert _waits(quotas, ANONYMOUS, Lane.BULK, 100) == 0
    assert _waits(quotas, OTHER, Lane.INTERACTIVE, 10) == 0


def test_it_comes_back_evenly(quotas: Quotas, clock: Clock) -> None:
    """A tenth of a minute brings a tenth of the limit."""
    _waits(quotas, ANONYMOUS, Lane.INTERACTIVE, 10)

    assert _waits(quotas, ANONYMOUS, Lane.INTERACTIVE, 1) == 6_000_000_000
    clock.ns += 6_000_000_000
    assert _waits(quotas, ANONYMOUS, Lane.INTERACTIVE, 1) == 0


def test_no_limit(clock: Clock) -> None:
    """Zero is any number, in one lane and not in the other."""
    quotas = Quotas({Lane.INTERACTIVE: 0, Lane.BULK: 1}, clock_ns=clock)

    assert quotas.take(ANONYMOUS, Lane.INTERACTIVE, 10**9) is None
    assert quotas.take(ANONYMOUS, Lane.BULK, 1) is not None


def test_more_than_can_ever_fit(quotas: Quotas) -> None:
    """Waiting would not help, so it is not proposed; and nothing is taken."""
    with pytest.raises(TooManyItemsError, match=r"101 items at once.* 100 a minute"):
        quotas.take(ANONYMOUS, Lane.BULK, 101)

    assert _waits(quotas, ANONYMOUS, Lane.BULK, 100) == 0


@pytest.fixture
def narrow(bundle: Path, tmp_path: Path) -> Iterator[tuple[TestClient, Clock]]:
    """A service with little for each, and its clock."""
    settings = Settings(
        bundle=bundle,
        workers=1,
        interactive_items_per_minute=2,
        bulk_items_per_minute=4,
        database_url=f"sqlite:///{tmp_path / 'db'}",
    )
    app, clock = create_app(settings), Clock()
    with TestClient(app) as c:
        app.state.quotas = Quotas({Lane.INTERACTIVE: 2, Lane.BULK: 4}, clock_ns=clock)
        yield c, clock


def test_answers_say_what_is_left(narrow: tuple[TestClient, Clock]) -> None:
    """Each answer names the policy, what is left, and when all of it is back."""
    c, clock = narrow

    first, second, third = (c.post("/v1/score", json={"text": "ngu"}) for _ in range(3))
    clock.ns += 30_000_000_000
    fourth = c.post("/v1/score", json={"text": "ngu"})

    assert [r.status_code for r in (first, second, third, fourth)] == [
        200,
        200,
        429,
        200,
    ]
    for r in (first, second, third, fourth):
        assert r.headers["ratelimit-policy"] == '"interactive";q=2;w=60'
    assert [r.headers["ratelimit"] for r in (first, second, third, fourth)] == [
        '"interactive";r=1;t=30',
        '"interactive";r=0;t=60',
        '"interactive";r=0;t=60',
        '"interactive";r=0;t=60',
    ]
    assert third.headers["retry-after"] == "30"
    assert third.json()["code"] == "rate_limited"
    assert third.headers["x-content-type-options"] == "nosniff"


def test_a_batch_counts_its_items(narrow: tuple[TestClient, Clock]) -> None:
    """A batch takes as many as it has items, the bad ones too, from its own lane."""
    c, _ = narrow

    def batch(n: int) -> tuple[int, str, str]:
        r = c.post("/v1/score/batch", json={"items": [{"text": ""}] * n})
        code = r.json().get("code", "")
        return r.status_code, code, r.headers.get("ratelimit", "")

    assert batch(3) == (200, "", '"bulk";r=1;t=45')
    assert batch(2) == (429, "rate_limited", '"bulk";r=1;t=45')
    assert batch(1) == (200, "", '"bulk";r=0;t=60')
    assert batch(5) == (413, "too_many_items", "")
    assert c.post("/v1/score", json={"text": "ngu"}).status_code == 200


def test_the_page_counts_too(narrow: tuple[TestClient, Clock]) -> None:
    """Who uses up the minute on the page is told so on the page."""
    c, _ = narrow

    pages = [c.post("/?lang=en", data={"text": "ngu"}) for _ in range(3)]

    assert [r.status_code for r in pages] == [200, 200, 429]
    assert "Wait a moment" in pages[-1].text
    assert re.match('"interactive";r=0', pages[-1].headers["ratelimit"])


def test_only_scoring_counts(narrow: tuple[TestClient, Clock]) -> None:
    """What costs little is not counted, and says nothing of limits."""
    c, _ = narrow

    answers = [c.get(path) for path in ("/v1/info", "/live", "/ready", "/") * 5]

    assert {r.status_code for r in answers} == {200}
    assert not any("ratelimit" in r.headers for r in answers)


@pytest.mark.parametrize("error", [QueueFullError, DeadlineError, BundleMissingError])
def test_what_is_refused_is_not_counted(
    narrow: tuple[TestClient, Clock],
    monkeypatch: pytest.MonkeyPatch,
    error: type[KiemtinError],
) -> None:
    """Who is sent away, to try again, has not used up anything by it."""
    c, _ = narrow
    text, batch = {"text": "ngu"}, {"items": [{"text": "ngu"}] * 3}

    async def refuse(*given: object, **more: object) -> None:
        msg = "not now"
        raise error(msg)

    with monkeypatch.context() as m:
        m.setattr(c.app.state.engine, "score", refuse)  # type: ignore[attr-defined]
        refused = [c.post("/v1/score", json=text) for _ in range(5)]
        refused += [c.post("/v1/score/batch", json=batch) for _ in range(5)]
        refused += [c.post("/v1/moderations", json={"input": "ngu"}) for _ in range(5)]
        refused += [c.post("/", data=text) for _ in range(5)]

    assert {r.status_code for r in refused} == {status_of(error)}
    assert refused[0].headers["ratelimit"] == '"interactive";r=2;t=0'
    assert refused[5].headers["ratelimit"] == '"bulk";r=4;t=0'
    assert [c.post("/v1/score", json=text).status_code for _ in range(3)] == [
        200,
        200,
        429,
    ]

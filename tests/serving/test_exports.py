"""Reports, decisions and statements over HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from serving.app import create_app
from serving.db import Database
from serving.settings import Settings
from tests.fixtures.cases import AN, BINH, LEAD, NOW, TEXT, open_cases
from tests.fixtures.deciding import DISMISSED, UPHELD, floor_of

PERIOD = {
    "since": (NOW - timedelta(days=1)).isoformat(),
    "until": (NOW + timedelta(days=1)).isoformat(),
}
ROUTES = ["/v1/reports/transparency", "/v1/exports/decisions", "/v1/exports/statements"]


@pytest.fixture(scope="module")
def exporting(
    bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A client of a service in which a few cases were decided."""
    url = f"sqlite:///{tmp_path_factory.mktemp('exporting') / 'kiemtin.db'}"
    settings = Settings(bundle=bundle, database_url=url, workers=1, retention_days=9999)
    with TestClient(create_app(settings)) as c:
        database: Database = c.app.state.database  # type: ignore[attr-defined] # of Starlette
        floor = floor_of(database)
        upheld = open_cases(database, 3, n_posts=2)
        for case in upheld:
            floor.answer(AN, case.id, UPHELD)
        dismissed = open_cases(database, 1)[0]
        made = floor.answer(BINH, dismissed.id, DISMISSED).decision_id
        floor.reverse(LEAD, made, reopen=False)
        yield c


def _get(client: TestClient, path: str, **query: Any) -> Any:
    r = client.get(path, params=PERIOD | query)
    assert r.status_code == 200, r.text
    return r.json()


def _all(client: TestClient, path: str, name: str) -> list[Any]:
    """Read a list to its end, two at a time."""
    page = _get(client, path, limit=2)
    found = page[name]
    while page["next_cursor"]:
        page = _get(client, path, limit=2, cursor=page["next_cursor"])
        found += page[name]
    return list(found)


def test_a_report(exporting: TestClient) -> None:
    """Figures, and shares with how sure they are."""
    found = _get(exporting, "/v1/reports/transparency")

    assert found["posts"]["n_received"] == 7
    assert found["decisions"]["n"] == 4
    assert found["decisions"]["reversed"] == {
        "n": 4, "hits": 1, "share": 0.25,
        "interval": [pytest.approx(0.0456, abs=1e-4), pytest.approx(0.6994, abs=1e-4)],
    }  # fmt: skip
    assert found["decisions"]["counts"][1] == {
        "label": "scam", "kind": "uphold", "outcome": "takedown",
        "reason_code": "clear_violation", "n": 3, "n_posts": 6,
    }  # fmt: skip


def test_a_report_for_a_spreadsheet(exporting: TestClient) -> None:
    """The same in rows, under a name of its own."""
    query = PERIOD | {"format": "csv"}

    r = exporting.get("/v1/reports/transparency", params=query)

    assert r.headers["content-type"] == "text/csv; charset=utf-8"
    assert r.headers["content-disposition"] == 'attachment; filename="transparency-2026-11-24.csv"'  # fmt: skip
    assert r.text.startswith("section,group,label,")
    assert "decisions,,,,,,made,4\r\n" in r.text


def test_decisions_are_read_to_the_end(exporting: TestClient) -> None:
    """All that was decided, each once, oldest first, with what reversed it."""
    found = _all(exporting, "/v1/exports/decisions", "decisions")

    assert [x["kind"] for x in found].count("uphold") == 3
    assert len({x["id"] for x in found}) == len(found) == 5
    (reversal,) = [x for x in found if x["kind"] == "reverse"]
    (taken_back,) = [x for x in found if x["is_reversed"]]
    assert reversal["reverses"] == taken_back["id"]
    assert taken_back["origin"] == "pipeline"
    assert taken_back["flagged"] == ["scam"]


def test_statements_can_be_sent_as_they_are(exporting: TestClient) -> None:
    """A page has the shape that the database of the EU takes, without empty fields."""
    found = _all(exporting, "/v1/exports/statements", "statements")

    assert len({x["puid"] for x in found}) == len(found) == 6
    assert "decision_visibility_other" not in found[0]
    assert len(found[0]["territorial_scope"]) == 30


def test_a_territory(exporting: TestClient) -> None:
    """Who acts in a few countries alone says so."""
    url = "/v1/exports/statements"

    found = _get(exporting, url, territory=["FR", "DE"])["statements"]

    assert found[0]["territorial_scope"] == ["DE", "FR"]
    bad = exporting.get(url, params=PERIOD | {"territory": "VN"})
    assert (bad.status_code, bad.json()["code"]) == (422, "invalid_field")


@pytest.mark.parametrize("path", ROUTES)
def test_nobody_is_named(exporting: TestClient, path: str) -> None:
    """No pseudonym and no text leaves the house."""
    written = exporting.get(path, params=PERIOD | {"limit": "100"}).text

    assert len(written) > 500
    assert "rev_" not in written
    assert TEXT[:12] not in written
    assert "note" not in written


@pytest.mark.parametrize("path", ROUTES)
def test_reading_is_noted(exporting: TestClient, path: str) -> None:
    """Who took figures or rows out stands in the audit log."""
    what = path.rpartition("/")[2]
    before = exporting.get("/v1/audit", params={"subject": what, "limit": 100}).json()

    exporting.get(path, params=PERIOD)

    after = exporting.get("/v1/audit", params={"subject": what, "limit": 100}).json()
    last = after["entries"][0]
    assert len(after["entries"]) == len(before["entries"]) + 1
    assert (last["action"], last["actor"]) == ("export.read", "rev_anonymous")
    assert last["detail"]["period"].startswith("2026-11-22T12:00:00+00:00/")


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    "query",
    [
        "since=yesterday", "since=0.5", "since=1767225600", "since=2026-01-01T00:00:00", "until=1900-01-01T00:00:00Z",
        "since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z",
        "since=2026-02-01T00:00:00Z&until=2026-02-01T00:00:00Z",
        "since=", "since=2300-01-01T00:00:00Z", "until=0001-01-01T00:00:00%2B14:00",
    ],
)  # fmt: skip
def test_a_period_that_is_none(exporting: TestClient, path: str, query: str) -> None:
    """A period that ends before it begins, or has no zone, is refused."""
    assert exporting.get(f"{path}?{query}").status_code == 422


@pytest.mark.parametrize("path", ROUTES)
def test_without_a_period(exporting: TestClient, path: str) -> None:
    """The last thirty days are meant; what is far away is no mistake."""
    far = {"since": "0001-01-01T00:00:00+14:00", "until": "9999-12-31T23:59:59-14:00"}

    for query in ({}, {"since": far["since"]}, {"until": far["until"]}, far):
        assert exporting.get(path, params=query).status_code == 200


@pytest.mark.parametrize("path", ROUTES[1:])
@pytest.mark.parametrize("query", ["cursor=x", "limit=0", "limit=101"])
def test_a_page_that_is_none(exporting: TestClient, path: str, query: str) -> None:
    """A cursor that was made up is refused."""
    assert exporting.get(f"{path}?{query}").status_code == 422

"""/v1/stats, over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.serving.deciding.conftest import BENIGN, SCAM, House


def test_load(house: House) -> None:
    """What waits in each queue, how old it is, and what was done today."""
    long_ago = datetime.now(UTC) - timedelta(days=9)
    late = {"authority": long_ago.isoformat()}
    held = house.case(queue="other", created_at=long_ago, deadline_at=long_ago)
    house.case(queue="other", stage="adjudication", origin="authority", clocks=late)
    house.take("an", held.id)
    done = house.case(queue="other")
    sent = SCAM | {"lease_token": house.take("an", done.id), "spent_s": 7}
    house.post("an", f"/v1/cases/{done.id}/decisions", sent)

    body = house.get("lan", "/v1/stats/queues").json()

    queues = {x["queue"]: x for x in body["queues"]}
    assert list(queues)[:5] == ["urgent", "scam", "abuse", "unreliable", "other"]
    other = queues["other"]
    assert (other["open"], other["waiting"], other["held"]) == (2, 1, 1)
    assert (other["overdue"], other["adjudication"]) == (1, 1)
    assert other["clocks_overdue"] == {"authority": 1}
    assert other["oldest_age_s"] == pytest.approx(9 * 86_400, abs=60)
    assert other["ages"][-1] == {"under_s": None, "n": 1}
    assert (other["decisions_today"], other["median_s"]) == (1, 7)
    assert queues["urgent"]["oldest_at"] is None


def test_load_of_some_queues(house: House) -> None:
    """A lead of one queue sees the load of that one."""
    body = house.get("ly", "/v1/stats/queues").json()

    assert [x["queue"] for x in body["queues"]] == ["abuse"]
    assert house.get("an", "/v1/stats/queues").status_code == 403


def test_agreement(house: House) -> None:
    """Pairs of answers by label and pseudonym, for leads and scientists."""
    with house.double():
        for said in (SCAM, BENIGN):
            case = house.case(queue="abuse")
            house.decide("an", case.id, SCAM)
            house.decide("binh", case.id, said)

    led = house.get("lan", "/v1/stats/agreement")
    body = house.get("science", "/v1/stats/agreement").json()
    narrow = house.get("ly", "/v1/stats/agreement").json()

    assert led.status_code == 200
    assert body["kinds"]["n_pairs"] >= 2
    assert narrow["kinds"] == {"n_pairs": 2, "value": 0.0}
    assert narrow["labels"]["scam"] == narrow["kinds"]
    assert len(narrow["people"]) == 2
    assert all(x["person"].startswith("rev_") for x in body["people"])
    assert house.get("an", "/v1/stats/agreement").status_code == 403


def test_a_time_that_is_none(house: House) -> None:
    """The end comes after the beginning, and both say their zone."""
    now = "2026-01-01T00:00:00Z"

    for query in ({"since": now, "until": now}, {"since": "2026-01-01T00:00:00"}):
        r = house.get("lan", "/v1/stats/agreement", **query)
        assert (r.status_code, r.json()["code"]) == (422, "invalid_field")
    empty = house.get("lan", "/v1/stats/agreement", until=now).json()
    assert (empty["people"], empty["kinds"]) == ([], {"n_pairs": 0, "value": None})

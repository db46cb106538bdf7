"""A database that goes away in the middle of a day's work, and comes back."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest

from serving.access.keys import create_key
from serving.access.scopes import CAPABILITIES, Role
from serving.db import Audit, Database
from serving.db.audit import START, digest_of
from serving.review.policy import PACKAGED
from tests.e2e.conftest import Service, Start
from tests.fixtures.cut_wire import CutWire, cut_wire
from tests.fixtures.databases import POSTGRES, postgres_database

pytestmark = pytest.mark.timeout(300)

N_CASES, N_PEOPLE = 40, 4
AWAY_S = 4
END_S = 120


@dataclass
class Person:
    """A reviewer who keeps trying what did not work."""

    url: str
    key: str
    decided: list[str] = field(default_factory=list)
    away: Counter[int] = field(default_factory=Counter)

    def work(self) -> None:
        """Decide until nothing waits."""
        end = time.monotonic() + END_S
        with httpx.Client(base_url=self.url, timeout=60) as client:
            client.headers["Authorization"] = f"Bearer {self.key}"
            while time.monotonic() < end:
                r = self._ask(client, "/v1/reviews:next", {})
                if r.status_code == 204:
                    return
                lease = r.json()["lease"]
                path = f"/v1/cases/{lease['case_id']}/decisions"
                answer = {
                    "lease_token": lease["lease_token"],
                    "outcome": "benign",
                    "reason_code": "no_violation",
                }
                self.decided.append(self._ask(client, path, answer).json()["id"])
                time.sleep(0.2)

    def _ask(
        self, client: httpx.Client, path: str, body: dict[str, object]
    ) -> httpx.Response:
        while True:
            r = client.post(path, json=body)
            if r.status_code != 503:
                assert r.status_code in {200, 201, 204}, r.text
                return r
            assert r.json()["code"] == "database_unavailable"
            assert int(r.headers["Retry-After"]) > 0
            self.away[r.status_code] += 1
            time.sleep(0.2)


@pytest.fixture
def wire() -> Iterator[CutWire]:
    """A wire to PostgreSQL."""
    parts = urlsplit(POSTGRES)
    with cut_wire(parts.hostname or "127.0.0.1", parts.port or 5432) as w:
        yield w


@pytest.fixture
def direct() -> Iterator[str]:
    """A database in PostgreSQL, by the way that is never cut."""
    with postgres_database() as url:
        yield url


def _start(start: Start, wire: CutWire, direct: str, folder: Path) -> Service:
    # Decided once, by whoever has it: nothing is left to chance.
    policy = folder / "policy.toml"
    certain = re.sub(r"(?m)^(random|double|golden|blind) = .*", r"\1 = 0", _policy())
    policy.write_text(certain, encoding="utf-8")
    name = urlsplit(direct).path
    user = urlsplit(direct).username or "postgres"
    service = start(
        KIEMTIN_DATABASE_URL=f"postgresql://{user}@127.0.0.1:{wire.port}{name}",
        KIEMTIN_REVIEW_POLICY=str(policy),
    )
    service.wait_until_ready()
    return service


def _policy() -> str:
    return PACKAGED.read_text(encoding="utf-8")


def test_nothing_is_lost(
    start: Start, wire: CutWire, direct: str, tmp_path: Path
) -> None:
    """Who asks meanwhile is told to try again; in the end each case has one decision."""
    people = _people(direct)
    service = _start(start, wire, direct, tmp_path)
    (client_key, *keys) = people
    _send_posts(service, client_key)
    workers = [Person(service.url, x) for x in keys]

    with ThreadPoolExecutor(N_PEOPLE) as pool:
        done = [pool.submit(x.work) for x in workers]
        time.sleep(1)
        wire.cut()
        time.sleep(AWAY_S)
        assert httpx.get(f"{service.url}/live").status_code == 200
        assert httpx.get(f"{service.url}/ready", timeout=30).status_code == 503
        wire.mend()
        for x in done:
            x.result(END_S)

    decided = [x for person in workers for x in person.decided]
    assert len(decided) == len(set(decided)) == N_CASES
    assert sum(x.away[503] for x in workers) > 0
    assert _standing(direct) == N_CASES
    _check_chain(direct)
    assert httpx.get(f"{service.url}/ready").status_code == 200


def _people(url: str) -> list[str]:
    roles = [Role.CLIENT] + [Role.REVIEWER] * N_PEOPLE
    with closing(Database(url)) as database:
        database.migrate()
        return [
            create_key(database, name=f"p{n}", scopes=CAPABILITIES[x]).secret
            for n, x in enumerate(roles)
        ]


def _send_posts(service: Service, key: str) -> None:
    items = [
        {"text": "ngu", "source": "test", "external_id": str(n)} for n in range(N_CASES)
    ]
    r = httpx.post(
        f"{service.url}/v1/posts",
        json={"items": items},
        headers={"Authorization": f"Bearer {key}"},
        timeout=60,
    )
    assert r.status_code == 202, r.text


def _standing(url: str) -> int:
    with psycopg.connect(url) as connection:
        (n,) = connection.execute(
            "SELECT count(*) FROM cases JOIN decisions "
            "ON decisions.case_id = cases.id AND decisions.is_final "
            "WHERE cases.state = 'decided' AND cases.decision_id = decisions.id"
        ).fetchone() or (0,)
    return int(n)


def _check_chain(url: str) -> None:
    digest = START
    with closing(Database(url)) as database, database.session() as session:
        for entry in Audit(session).all():
            digest = digest_of(digest, entry.position, entry.act)
            assert entry.digest == digest

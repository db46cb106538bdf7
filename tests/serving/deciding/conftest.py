"""A service where people decide, each with a key of their own."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from serving.access.keys import create_key
from serving.access.scopes import Role
from serving.app import create_app
from serving.db import Case, Database
from serving.settings import Settings
from tests.fixtures.cases import open_cases, quiet_policy

PEOPLE: dict[str, dict[str, Any]] = {
    "an": {"role": Role.REVIEWER},
    "binh": {"role": Role.REVIEWER},
    "chi": {"role": Role.REVIEWER, "queues": ["abuse"]},
    "lan": {"role": Role.LEAD},
    "long": {"role": Role.LEAD},
    "ly": {"role": Role.LEAD, "queues": ["abuse"]},
    "platform": {"role": Role.CLIENT},
    "other": {"role": Role.CLIENT},
    "science": {"role": Role.SCIENTIST},
}
SCAM = {
    "outcome": "takedown",
    "labels": ["scam"],
    "clause": "scam.fraud",
    "reason_code": "clear_violation",
}
BENIGN = {"outcome": "benign", "reason_code": "no_violation"}


@dataclass(frozen=True, slots=True)
class House:
    """A started service, its database, and a key for each person."""

    app: FastAPI
    client: TestClient
    database: Database
    keys: dict[str, str]

    def get(self, who: str, path: str, **query: Any) -> Any:
        """Return what *who* gets."""
        return self.client.get(path, params=query, headers=self._headers(who))

    def post(
        self,
        who: str,
        path: str,
        body: dict[str, Any] | None = None,
        **headers: str,
    ) -> Any:
        """Return what *who* is answered."""
        sent = self._headers(who) | {k.replace("_", "-"): v for k, v in headers.items()}
        return self.client.post(path, json=body or {}, headers=sent)

    def case(self, **changes: Any) -> Case:
        """Open a case."""
        return open_cases(self.database, 1, **changes)[0]

    def take(self, who: str, case_id: str) -> int:
        """Let *who* claim a case, and return the token."""
        r = self.post(who, f"/v1/cases/{case_id}/claim")
        assert r.status_code == 200, r.text
        return int(r.json()["lease"]["lease_token"])

    def decide(self, who: str, case_id: str, said: dict[str, Any] = SCAM) -> str:
        """Let *who* claim and decide a case, and return the decision's id."""
        sent = said | {"lease_token": self.take(who, case_id)}
        r = self.post(who, f"/v1/cases/{case_id}/decisions", sent)
        assert r.status_code == 201, r.text
        return str(r.json()["id"])

    def appeal(self, decision_id: str, statement: str = "đó là đùa") -> str:
        """Let the platform file an appeal, and return its id."""
        body = {"decision_id": decision_id, "statement": statement}
        r = self.post("platform", "/v1/appeals", body)
        assert r.status_code == 201, r.text
        return str(r.json()["id"])

    @contextmanager
    def double(self) -> Iterator[None]:
        """Let two people answer each case for a while."""
        self.app.state.review_policy = quiet_policy(double=1)
        yield
        self.app.state.review_policy = quiet_policy()

    def _headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[who]}"}


@pytest.fixture(scope="session")
def house(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A service with nothing left to chance; each test has cases of its own."""
    url = f"sqlite:///{tmp_path_factory.mktemp('house') / 'kiemtin.db'}"
    with closing(Database(url)) as database:
        database.migrate()
        keys = {k: create_key(database, name=k, **x).secret for k, x in PEOPLE.items()}
        app = create_app(Settings(bundle=bundle, database_url=url, workers=1))
        with TestClient(app) as client:
            app.state.review_policy = quiet_policy()
            yield House(app, client, database, keys)

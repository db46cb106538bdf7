"""Many people decide many cases, while the service is killed again and again."""

import argparse
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import httpx
import psycopg

from benchmarks.review.people import Person
from benchmarks.review.restarted import Restarted
from benchmarks.review.waiting import make_reviewers, waiting
from benchmarks.serving.table import Row
from serving.db import Audit, Database
from serving.db.audit import START, digest_of
from serving.review.policy import PACKAGED

N_PEOPLE = 50
N_DECISIONS = 10_000
N_KILLS = 20
_AGAIN_S = 0.2
_MOST_S = 300.0
_T = TypeVar("_T")


class Ledger:
    """What the service said that it had written down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.decisions: dict[str, list[str]] = {}

    def __len__(self) -> int:
        """Return how many cases were decided."""
        return len(self.decisions)

    def note(self, case_id: str, decision_id: str) -> None:
        """Keep the receipt for a decision."""
        with self._lock:
            self.decisions.setdefault(case_id, []).append(decision_id)


def measure(
    n_people: int = N_PEOPLE, n_decisions: int = N_DECISIONS, n_kills: int = N_KILLS
) -> list[Row]:
    """Return what was lost, doubled or broken."""
    ledger = Ledger()
    with ExitStack() as stack:
        url = stack.enter_context(waiting(n_decisions))
        keys = make_reviewers(url, n_people)
        folder = Path(stack.enter_context(TemporaryDirectory()))
        env = {"KIEMTIN_DATABASE_URL": url, "KIEMTIN_REVIEW_POLICY": _policy(folder)}
        service = stack.enter_context(Restarted(**env))
        began = time.monotonic()
        with ThreadPoolExecutor(n_people) as pool:
            done = [pool.submit(_work, service.port, x, ledger) for x in keys]
            for n in range(n_kills):
                _wait_for(ledger, n_decisions * (n + 1) // (n_kills + 1))
                service.kill()
            for x in done:
                x.result()
        rate = len(ledger) / (time.monotonic() - began)
        return list(_rows(url, ledger, n_decisions, service.n_kills, n_kills, rate))


def _policy(folder: Path) -> str:
    """Return the path of a policy by which one answer decides a case."""
    text = PACKAGED.read_text(encoding="utf-8")
    path = folder / "policy.toml"
    path.write_text(text.replace("double = 0.10", "double = 0.0"), encoding="utf-8")
    return str(path)


def _wait_for(ledger: Ledger, n: int) -> None:
    until = time.monotonic() + _MOST_S
    while len(ledger) < n:
        if time.monotonic() > until:
            msg = f"{len(ledger)} decisions, and then nothing for {_MOST_S:g} s"
            raise RuntimeError(msg)
        time.sleep(0.01)


def _work(port: int, key: str, ledger: Ledger) -> None:
    """Take and decide cases until there are none, through whatever comes."""
    with Person(port, key) as person:
        while True:
            taken = _insist(person.take)
            if taken is None:
                return
            ledger.note(taken.case_id, _insist(partial(person.decide, taken)))


def _insist(act: Callable[[], _T]) -> _T:
    """Return what *act* returns when the service is there again."""
    until = time.monotonic() + _MOST_S
    while True:
        try:
            return act()
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
        except httpx.HTTPStatusError as e:
            if e.response.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                raise
        time.sleep(_AGAIN_S)


def _rows(
    url: str, ledger: Ledger, n_asked: int, n_killed: int, n_kills: int, rate: float
) -> Iterator[Row]:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT id, case_id FROM decisions WHERE is_final"
        ).fetchall()
        (n_open,) = connection.execute(
            "SELECT count(*) FROM cases WHERE state = 'open' OR decision_id IS NULL"
        ).fetchone() or (0,)
    written = {decision_id for decision_id, _ in found}
    told = {x for ids in ledger.decisions.values() for x in ids}
    n_doubled = sum(n > 1 for n in Counter(x for _, x in found).values())
    n_doubled += sum(len(set(x)) > 1 for x in ledger.decisions.values())
    n_acts, n_broken = _chain(url)
    yield Row("decisions that were acknowledged", len(told), n_asked)
    yield Row("times killed", n_killed, n_kills)
    yield Row("acknowledged, and lost", len(told - written), 0, at_least=False)
    yield Row("written, and nobody knows", len(written - told), 0, at_least=False)
    yield Row("cases decided twice", n_doubled, 0, at_least=False)
    yield Row("cases without their decision", n_open, 0, at_least=False)
    yield Row("rows of the audit log out of place", n_broken, 0, at_least=False)
    yield Row("decisions in the audit log", n_acts, n_asked)
    yield Row("decisions a second, restarts included", rate, 0)


def _chain(url: str) -> tuple[int, int]:
    """Return how many decisions the log tells of, and how many rows do not follow."""
    n_acts = n_broken = 0
    before = START
    with closing(Database(url)) as database, database.session() as session:
        for n, entry in enumerate(Audit(session).all(), start=1):
            n_acts += entry.act.action == "decision.make"
            digest = digest_of(before, n, entry.act)
            n_broken += (entry.position, entry.digest) != (n, digest)
            before = entry.digest
    return n_acts, n_broken


def main() -> None:
    """Measure and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=N_PEOPLE)
    parser.add_argument("--decisions", type=int, default=N_DECISIONS)
    parser.add_argument("--kills", type=int, default=N_KILLS)
    given = parser.parse_args()
    for row in measure(given.people, given.decisions, given.kills):
        print(row)  # noqa: T201 -- it prints


if __name__ == "__main__":
    main()

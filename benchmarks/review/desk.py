"""From claim to screen, with many cases open."""

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import numpy as np

from benchmarks.review.people import Person, Taken
from benchmarks.review.waiting import make_reviewers, waiting
from benchmarks.serving.service import serving
from benchmarks.serving.table import Row

N_CASES = 200_000
_N_PEOPLE = 50
_N_ALONE = 80
_N_PACED = 4
_PACE_S = 10.0
_N_BUSY = 8
_LIMIT_MS = 150.0

Take = Callable[[Person], Taken | None]


def measure(n_cases: int = N_CASES) -> list[Row]:
    """Return how long people wait for a case, alone and with others."""
    with ExitStack() as stack:
        url = stack.enter_context(waiting(n_cases))
        keys = make_reviewers(url, _N_PEOPLE)
        service = stack.enter_context(serving(KIEMTIN_DATABASE_URL=url))
        people = [stack.enter_context(Person(service.port, x)) for x in keys]
        for person in people:
            person.sign_in()
            _work(person, Person.take, 2)  # connections, and what is loaded once
        return list(_rows(people))


def _rows(people: Sequence[Person]) -> Iterator[Row]:
    ways: list[tuple[str, Take]] = [
        ("API", Person.take),
        ("console", Person.take_on_page),
    ]
    for name, take in ways:
        alone = _work(people[0], take, _N_ALONE)
        yield _row(f"claim to screen, {name}, one person, p95 ms", alone)
        together = _together(people, take, _N_PACED, _PACE_S)
        what = f"the same, {len(people)} people, a case each {_PACE_S:g} s, p95 ms"
        yield _row(what, together)
    began = time.monotonic()
    n = len(_together(people[:_N_BUSY], Person.take, _N_ALONE, 0))
    rate = n / (time.monotonic() - began)
    yield Row(f"cases decided a second, {_N_BUSY} without pause", rate, 0)


def _together(
    people: Sequence[Person], take: Take, n: int, pace_s: float
) -> list[float]:
    """Let all work, each with a case every *pace_s* seconds about."""
    with ThreadPoolExecutor(len(people)) as pool:
        waits = pool.map(lambda x: _work(x, take, n, pace_s), people)
        return [y for x in waits for y in x]


def _row(what: str, waits_s: Sequence[float]) -> Row:
    return Row(what, float(np.quantile(waits_s, 0.95)) * 1e3, _LIMIT_MS, at_least=False)


def _work(person: Person, take: Take, n: int, pace_s: float = 0) -> list[float]:
    """Let *person* take and decide *n* cases, and return how long they waited."""
    waits = []
    for _ in range(n):
        time.sleep(random.uniform(0, 2 * pace_s))  # noqa: S311 -- a pace, no secret
        taken = take(person)
        if taken is None:
            break
        person.decide(taken)
        waits.append(taken.waited_s)
    return waits


def main() -> None:
    """Measure and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=N_CASES)
    for row in measure(parser.parse_args().cases):
        print(row)  # noqa: T201 -- it prints


if __name__ == "__main__":
    main()

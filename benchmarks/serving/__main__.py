"""``make bench``: one table, from one run, in which everybody takes turns."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from benchmarks.serving.layouts import RawEngine, alone_ms
from benchmarks.serving.ours import Ours, score_a_file
from benchmarks.serving.posts import cut, n_tokens, read_posts
from benchmarks.serving.service import serving
from benchmarks.serving.table import Rounds, Row, grouped
from benchmarks.serving.theirs import Theirs, peers
from benchmarks.serving.trials import Trials

_N_POSTS = 1_000
_CALLERS = (1, 8, 32)


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=Path, help="JSON lines; our samples if absent")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--flood-s", type=float, default=60.0)
    given = parser.parse_args()
    texts = read_posts(given.posts, _N_POSTS)
    lengths = n_tokens(texts)
    print(  # noqa: T201 -- it prints
        f"{len(texts)} posts of {np.mean(lengths):.0f} tokens "
        f"(median {np.median(lengths):.0f}, longest {max(lengths)})"
    )
    rounds = Rounds()
    with ExitStack() as stack:
        raw = stack.enter_context(RawEngine(texts))
        service = stack.enter_context(serving())
        short = cut(texts)
        others = stack.enter_context(peers(short))
        ours = Ours(service, texts)
        alike = Ours(service, short)
        for _ in range(given.rounds):
            _round(rounds, raw, ours, texts)
            _beside_others(rounds, alike, others)
        trials = Trials(service, ours, texts)
        rows = {
            "share of the raw engine in its best layout": _shares(rounds, raw),
            "beside peers": _beside(rounds, others),
        }
        capacity = rounds.median(_ours(32))
        rows["promises"] = [*trials.company(), *trials.memory()]
        rows["five times too much"] = trials.flood(capacity, given.flood_s)
        rows["a model swapped every five seconds"] = trials.swaps(texts)
    for line in (
        *grouped(rows),
        "",
        "medians of rounds (least to most)",
        *rounds.lines(),
    ):
        print(line)  # noqa: T201 -- the same


def _ours(callers: int) -> str:
    return f"ours, {callers} callers, posts/s"


def _round(
    rounds: Rounds,
    raw: RawEngine,
    ours: Ours,
    texts: Sequence[str],
) -> None:
    for name, run in raw.layouts.items():
        rounds.note(f"raw, {name}", run())
    rounds.note("raw, alone, ms", alone_ms(texts[:300]))
    for callers in _CALLERS:
        found = ours.single(callers)
        assert not found.n_wrong  # noqa: S101 -- such figures mean nothing
        assert not found.n_failed  # noqa: S101 -- the same
        rounds.note(_ours(callers), found.rate)
        rounds.note(f"ours, {callers} callers, p50 ms", found.quantile_ms(0.5))
        rounds.note(f"ours, {callers} callers, p99 ms", found.quantile_ms(0.99))
    rounds.note("ours, batches of 32, posts/s", ours.batches())
    rounds.note("ours, stream, posts/s", ours.stream())
    rounds.note("kiemtin score, posts/s", score_a_file(texts, 5))


def _beside_others(rounds: Rounds, ours: Ours, others: Sequence[Theirs]) -> None:
    """Send everybody posts of one window: peers read no more."""
    everybody: list[tuple[str, Ours | Theirs]] = [("ours", ours)]
    everybody += [(x.name, x) for x in others]
    for callers in (8, 32):
        for name, asked in everybody:
            found = asked.single(callers)
            rounds.note(f"one window: {name}, {callers} callers, posts/s", found.rate)
            rounds.note(
                f"one window: {name}, {callers} callers, p99 ms",
                found.quantile_ms(0.99),
            )


def _shares(rounds: Rounds, raw: RawEngine) -> list[Row]:
    names = [f"raw, {x}" for x in raw.layouts]
    best = rounds.best([x for x in names if "sorted" not in x])
    sorted_best = rounds.best(names)
    over_ms = rounds.median("ours, 1 callers, p50 ms") - rounds.median("raw, alone, ms")
    return [
        Row(f"32 callers ({best})", rounds.ratio(_ours(32), best), 0.90, 0.97),
        Row(
            f"32 callers ({sorted_best})",
            rounds.ratio(_ours(32), sorted_best),
            0.90,
            0.97,
        ),
        Row("8 callers", rounds.ratio(_ours(8), best), 0.83, 0.95),
        Row(
            "batches of 32",
            rounds.ratio("ours, batches of 32, posts/s", best),
            0.90,
            0.95,
        ),
        Row("stream", rounds.ratio("ours, stream, posts/s", best), 0.95, 0.95),
        Row("kiemtin score", rounds.ratio("kiemtin score, posts/s", best), 0.95, 0.99),
        Row("alone, p50 over the engine's own, ms", over_ms, 1.5, 0.7, at_least=False),
    ]


def _beside(rounds: Rounds, others: Sequence[Theirs]) -> list[Row]:
    required = {"pipeline": (5.0, 8.0), "infinity": (1.35, 1.8)}

    def rows() -> Iterator[Row]:
        for other in others:
            least, aim = required.get(other.name, (1.0, None))
            mine, its = (f"one window: {x}" for x in ("ours", other.name))
            times = rounds.ratio(
                f"{mine}, 32 callers, posts/s", f"{its}, 32 callers, posts/s"
            )
            yield Row(f"times {other.name}, 32 callers", times, least, aim)
            p99 = rounds.ratio(
                f"{mine}, 8 callers, p99 ms", f"{its}, 8 callers, p99 ms"
            )
            yield Row(
                f"p99 of {other.name}'s, 8 callers", p99, 1.0, 0.5, at_least=False
            )

    return list(rows())


if __name__ == "__main__":
    main()

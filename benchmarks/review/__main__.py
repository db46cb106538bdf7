"""``make bench-review``: what review promises, measured, one part after the other."""

import argparse
import subprocess
import sys

from benchmarks.review.waiting import POSTGRES

_WHERE = ("--url", "sqlite", "--url", POSTGRES)
_PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "desk": ("from claim to screen, 200,000 open cases, PostgreSQL", ()),
    "ingest": ("ingest without scoring", _WHERE),
    "clusters": ("a cluster among a million posts", _WHERE),
    "endurance": ("50 people, 10,000 decisions, killed twenty times", ()),
}


def main() -> None:
    """Measure every part in a process of its own, and print what was asked and found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {[*_PARTS]}")
    parts = parser.parse_args().parts or [*_PARTS]
    _say(f"{'':<58} {'measured':>9}  {'required':<10}")
    failed = []
    for name in parts:
        title, arguments = _PARTS[name]
        _say(title)
        command = [sys.executable, "-m", f"benchmarks.review.{name}", *arguments]
        if subprocess.run(command, check=False).returncode:  # noqa: S603 -- ourselves
            failed.append(name)
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 -- it prints


if __name__ == "__main__":
    main()

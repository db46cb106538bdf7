"""Rows for a spreadsheet, in which nothing is a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
Cell = str | int | float | None


def csv_of(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return CSV (RFC 4180); text that a program would run is quoted for it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_shown(x) for x in row] for row in rows)
    return out.getvalue()


def _shown(cell: Cell) -> Cell:
    # https://owasp.org/www-community/attacks/CSV_Injection
    if isinstance(cell, str) and cell.startswith(_FORMULAS):
        return f"'{cell}"
    return cell

"""A report as tables in a terminal."""

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.table import Table

from kiemtin.labels import Label
from training.evaluation.comparison import Difference
from training.evaluation.faithfulness import Faithfulness
from training.evaluation.functional import Capability
from training.evaluation.metrics import Figure
from training.evaluation.report import Report
from training.evaluation.robustness import Robustness
from training.evaluation.scored import Figures
from training.evaluation.scores import CLEAN


def print_report(report: Report, console: Console) -> None:
    """Print the tables of *report*; slices, bias and plots are in the page alone."""
    for table in _tables(report):
        console.print(table)


def _tables(report: Report) -> Iterator[Table]:
    for split, found in report.splits.items():
        yield _figure_table(split, found)
    for split, found in report.flagged.items():
        yield _flagged_table(split, found)
    for split, changes in report.robustness.items():
        yield _robustness_table(split, changes)
    for split, reasons in report.faithfulness.items():
        yield _faithfulness_table(split, reasons)
    for other, splits in report.against.items():
        for split, differences in splits.items():
            yield _difference_table(split, other, differences)
    yield _functional_table(report.functional)


def _figure_table(split: str, found: Figures) -> Table:
    table = Table(
        "corpus", "figure", "value", "95 % interval", "rows", title=f"{split}: figures"
    )
    for corpus, named in found.items():
        for name, x in named.items():
            interval = f"{x.low:.3f} to {x.high:.3f}"
            table.add_row(corpus, name, f"{x.value:.3f}", interval, str(x.rows))
    return table


def _flagged_table(split: str, found: Figures) -> Table:
    table = Table("flagged of", "any", *Label, "rows", title=f"{split}: shares flagged")
    for whose, shares in found.items():
        cells = (f"{100 * x.value:.1f} %" for x in _any_first(shares))
        rows = str(shares["any.flagged"].rows) if shares else "0"
        table.add_row(whose, *cells, rows)
    return table


def _any_first(shares: Mapping[str, Figure]) -> Iterator[Figure]:
    for name in ("any", *Label):
        if found := shares.get(f"{name}.flagged"):
            yield found


def _robustness_table(split: str, found: list[Robustness]) -> Table:
    names = list(found[0].values) if found else [CLEAN]
    table = Table("corpus", "figure", *names, "rows", title=f"{split}: changed copies")
    for x in found:
        values = (f"{x.values[n]:.3f}" for n in names)
        table.add_row(x.corpus, x.figure, *values, str(x.rows))
    return table


def _faithfulness_table(split: str, found: dict[Label, Faithfulness]) -> Table:
    columns = ("label", "posts", "reason wins", "ties", "fall", "fall of a random span")
    table = Table(*columns, title=f"{split}: reasons deleted")
    for label, x in found.items():
        shares = (f"{100 * x.wins:.1f} %", f"{100 * x.ties:.1f} %")
        falls = (f"{x.fall:.3f}", f"{x.fall_random:.3f}")
        table.add_row(label, str(x.posts), *shares, *falls)
    return table


def _difference_table(split: str, other: str, found: list[Difference]) -> Table:
    columns = ("corpus", "figure", "this", other, "difference", "95 % interval", "p")
    table = Table(*columns, title=f"{split}: against {other}")
    for d in found:
        values = (f"{d.ours:.3f}", f"{d.theirs:.3f}", f"{d.difference:+.3f}")
        interval = f"{d.low:+.3f} to {d.high:+.3f}"
        table.add_row(d.corpus, d.figure, *values, interval, f"{d.p_value:.3f}")
    return table


def _functional_table(found: list[Capability]) -> Table:
    table = Table("capability", "passed", "cases", title="functional tests")
    for x in found:
        table.add_row(x.name, str(x.passed), str(x.cases))
    return table

"""What was tried at export, for people."""

from rich.table import Table

from training.exporting.variants import ExportRecord


def attempts_table(record: ExportRecord) -> Table:
    """Return a line for fp32, and one for each form that was tried."""
    table = Table("graph", "MB", "ms a post", "a score moved", "verdict")
    plain = record.fp32
    table.add_row(
        plain.form, f"{plain.megabytes:.1f}", f"{plain.ms_per_post:.1f}", "", ""
    )
    for x in record.attempts:
        if x.form != plain.form:
            table.add_row(
                x.form,
                f"{x.megabytes:.1f}",
                f"{x.ms_per_post:.1f}",
                f"{x.score_change:.4f}",
                x.refused or "taken",
            )
    return table

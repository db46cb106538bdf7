"""How far a download is, for people who watch it."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TransferSpeedColumn,
)


class Bar:
    """A bar for the file that comes, if *console* is a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None

    def __call__(self, name: str, n_bytes: int, n_total: int | None) -> None:
        """Show that *n_bytes* of the file *name* are here."""
        if not self._console.is_terminal:
            return
        if self._progress is None:
            self._progress = self._begin(name, n_total)
        self._progress.update(
            self._progress.task_ids[0], completed=n_bytes, total=n_total
        )

    def clear(self) -> None:
        """Make room for what is printed next."""
        if self._progress:
            self._progress.stop()
            self._progress = None

    def _begin(self, name: str, n_total: int | None) -> Progress:
        progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            console=self._console,
            transient=True,
        )
        progress.add_task(name, total=n_total)
        progress.start()
        return progress

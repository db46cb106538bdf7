"""Which corpora there are, on what terms, and which of their files are here."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from training.corpora.row import Head
from training.corpora.sources import Permission, Source


class ListedFile(BaseModel):
    """One file of a corpus; *n_bytes* is None if it is missing."""

    name: str
    n_bytes: int | None
    has_address: bool


class Listed(BaseModel):
    """What ``kiemtin data list --json`` prints of a corpus."""

    corpus: str
    title: str
    homepage: str | None
    head: Head
    use: str
    licence: str
    licence_note: str | None
    permission: Permission
    verified: bool
    files: list[ListedFile]


def list_sources(
    sources: Mapping[str, Source], folder_of: Callable[[str], Path]
) -> list[Listed]:
    """Return what there is to say of *sources*, whose files *folder_of* finds."""
    return [
        Listed(
            corpus=name,
            files=[
                ListedFile(
                    name=f.name,
                    n_bytes=_size(folder_of(name) / f.name),
                    has_address=f.url is not None,
                )
                for f in source.files
            ],
            **source.model_dump(include=set(Listed.model_fields) - {"files"}),
        )
        for name, source in sources.items()
    ]


def print_listed(listed: list[Listed], console: Console) -> None:
    """Print *listed* as a table."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("corpus", "head", "permission", "licence", "here", "missing"):
        table.add_column(column, overflow="fold")
    for x in listed:
        missing = [f for f in x.files if f.n_bytes is None]
        here = f"{len(x.files) - len(missing)} of {len(x.files)}"
        way = "fetch" if all(f.has_address for f in missing) else "by hand"
        table.add_row(
            x.corpus, x.head, x.permission, x.licence, here, way if missing else ""
        )
    console.print(table, markup=False)


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None

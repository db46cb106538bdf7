"""``kiemtin data``: getting corpora, preparing them, and what to know of them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiemtin.commands.output import guarded_output
from training.commands.places import log_to_stderr
from training.errors import CorpusMissingError, FetchError, SourcesError

if TYPE_CHECKING:
    from training.corpora.sources import Source
    from training.fetching import Arrived

app = typer.Typer(
    help="The corpora: getting them, preparing them, and what to know of them.",
    no_args_is_help=True,
)

To = Annotated[Path, typer.Option(help="The folder of all corpora.")]
RAW = Path("data/raw")
PROCESSED = Path("data/processed")
AUDIT = Path("runs/audit")
SEED = 7
TIMEOUT_S = 30.0


@app.command("list")
def list_corpora(
    to: To = RAW,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="A JSON array instead of a table.")
    ] = False,
) -> None:
    """Say which corpora there are, on what terms, and which of their files are here."""
    from rich.console import Console

    from training.corpora import folder_of
    from training.fetching import list_sources, print_listed

    listed = list_sources(_sources(), lambda name: folder_of(name, to))
    with guarded_output():
        if as_json:
            rows = [x.model_dump(mode="json") for x in listed]
            typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            print_listed(listed, Console(highlight=False))


@app.command()
def fetch(
    corpora: Annotated[
        list[str] | None, typer.Argument(metavar="[CORPUS ...]", show_default=False)
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Every corpus that is not ours.")
    ] = False,
    to: To = RAW,
    from_dir: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="Copy from DIR/CORPUS/FILE or DIR/FILE instead of downloading.",
        ),
    ] = None,
) -> None:
    """
    Get the files of corpora, check them, and make them read-only.

    What is there already is checked and never overwritten. A download that broke off
    goes on where it was. If one corpus fails, the others are still fetched.
    """
    import httpx
    from rich.console import Console

    from training import fetching
    from training.fetching.bar import Bar

    sources = _chosen(corpora or [], everything=everything)
    bar = Bar(Console(stderr=True))
    failed: dict[str, FetchError] = {}
    with httpx.Client(timeout=TIMEOUT_S) as client:
        for name, source in sources.items():
            try:
                for arrived in fetching.fetch(
                    name, source, to, from_dir=from_dir, client=client, progress=bar
                ):
                    bar.clear()
                    typer.echo(_line(arrived))
            except FetchError as e:
                failed[name] = e
            finally:
                bar.clear()
    _end(failed, n_chosen=len(sources))


@app.command()
def prepare(
    corpora: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CORPUS ...]", show_default="all that are there"),
    ] = None,
    *,
    raw: Annotated[
        Path, typer.Option("--data", help="A folder with a folder for each corpus.")
    ] = RAW,
    out: Annotated[Path, typer.Option(help="Where the prepared set goes.")] = PROCESSED,
    seed: Annotated[int, typer.Option(help="Of the splits.")] = SEED,
) -> None:
    """
    Make one pool of the corpora: without copies, split, with its terms, in Parquet.

    Does nothing where nothing has changed. What could not be read stands in
    set_aside.jsonl, what is not learnt from in held_out.parquet, each with its reason.
    """
    from rich.console import Console

    from training.preparation.run import prepare as run
    from training.preparation.summary import print_summary

    log_to_stderr()
    manifest, made = run(raw, out, corpora=corpora or (), seed=seed)
    with guarded_output():
        print_summary(manifest, Console(highlight=False))
        typer.echo(
            f"{out} {'was made' if made else 'is up to date'}: {manifest.digest}"
        )


@app.command()
def audit(
    raw: Annotated[
        Path, typer.Option("--data", help="A folder with a folder for each corpus.")
    ] = RAW,
    prepared: Annotated[
        Path, typer.Option(help="What `kiemtin data prepare` makes of it.")
    ] = PROCESSED,
    out: Annotated[Path, typer.Option(help="Where the report goes.")] = AUDIT,
    seed: Annotated[int, typer.Option(help="Of folds and topics.")] = SEED,
) -> None:
    """
    Say what there is to know of the corpora before anything is learnt from them.

    Writes index.html for people, audit.json for programs, and label_errors.csv, a list
    of rows whose label a person should look at. Needs what `prepare` made.
    """
    from training.auditing.run import run

    log_to_stderr()
    typer.echo(f"open {run(raw, prepared, out, seed=seed)}")


def _sources() -> "dict[str, Source]":
    from training.corpora.sources import SOURCES_FILE, read_sources

    if sources := read_sources(SOURCES_FILE):
        return sources
    msg = f"{SOURCES_FILE} is not there; it comes with the checkout"
    raise SourcesError(msg)


def _chosen(names: list[str], *, everything: bool) -> "dict[str, Source]":
    if everything == bool(names):
        msg = "name corpora, or say --all"
        raise typer.BadParameter(msg)
    from training.corpora.samples import NAME as OURS

    sources = _sources()
    if unknown := [n for n in names if n not in sources]:
        msg = f"no corpus {unknown[0]!r}; there are {', '.join(sources)}"
        raise CorpusMissingError(msg)
    wanted = names or [n for n in sources if n != OURS]
    return {n: sources[n] for n in wanted}


def _line(arrived: "Arrived") -> str:
    whose = arrived.held_against
    trust = f"as {whose}" if whose else "trusted from now on, as none is published"
    return (
        f"{arrived.name}: {arrived.how}, {arrived.n_bytes} bytes, "
        f"sha256 {arrived.sha256} {trust}"
    )


def _end(failed: dict[str, FetchError], *, n_chosen: int) -> None:
    if len(failed) == 1 == n_chosen:
        raise next(iter(failed.values()))
    for name, error in failed.items():
        typer.echo(f"{name}: {error.code}: {error}", err=True)
    if failed:
        msg = f"{len(failed)} of {n_chosen} corpora failed: {', '.join(failed)}"
        raise FetchError(msg)

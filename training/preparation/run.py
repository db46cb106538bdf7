"""``kiemtin data prepare``: read, cluster, split, settle and write, all or nothing."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import structlog

from training.corpora import CORPORA, Row, SetAside, folder_of, read_corpus
from training.corpora.sources import read_sources, where_to_get
from training.errors import CorpusMissingError, PreparedError
from training.pool import cluster, equal_texts
from training.preparation.fates import count_conflicts, settle
from training.preparation.manifest import (
    MANIFEST_FILE,
    Counts,
    Manifest,
    Rules,
    hash_inputs,
    is_whole,
    read_manifest,
)
from training.splits import Split, digest, split, time_split

SEED = 7
SET_ASIDE_FILE = "set_aside.jsonl"

log = structlog.get_logger()


def prepare(
    raw: Path, out: Path, *, corpora: Sequence[str] = (), seed: int = SEED
) -> tuple[Manifest, bool]:
    """
    Prepare the corpora in *raw* and return what was made, and whether it was made now.

    What is in *out* stays as it is if it was made of the same files by the same rules,
    and is replaced at the very end if not. Texts are never all in memory.

    Args:
        raw: A folder with a folder for each corpus.
        out: Where the prepared set goes.
        corpora: What has to be there; by default all of which there is a folder.
        seed: Of the splits.

    Raises:
        CorpusMissingError: If a corpus or one of its files is not there.
        SourcesError: If data/sources.toml is not what it should be.
        PreparedError: If *out* is a folder of something else.
    """
    names = _choose(raw, corpora)
    rules = Rules(seed=seed, corpora=names)
    inputs = hash_inputs(names, raw)
    before = _read_if_there(out)
    if before and before.rules == rules and before.inputs == inputs:
        return before, False
    aside = out.with_name(f".{out.name}.tmp")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        manifest = _make(rules, inputs, raw, aside)
        _replace(out, aside)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return manifest, True


def _choose(raw: Path, corpora: Sequence[str]) -> tuple[str, ...]:
    unknown = [name for name in corpora if name not in CORPORA]
    if unknown:
        msg = f"no corpus {', '.join(unknown)}; there are {', '.join(CORPORA)}"
        raise CorpusMissingError(msg)
    there = [name for name in CORPORA if folder_of(name, raw).is_dir()]
    absent = [name for name in corpora if name not in there]
    if absent:
        msg = f"{folder_of(absent[0], raw)} is not there; {where_to_get(absent[0])}"
        raise CorpusMissingError(msg)
    chosen = tuple(name for name in CORPORA if name in (corpora or there))
    if not chosen:
        msg = f"{raw} has no folder of a corpus; there are {', '.join(CORPORA)}"
        raise CorpusMissingError(msg)
    return chosen


def _read_if_there(out: Path) -> Manifest | None:
    if not out.exists() or not any(out.iterdir()):
        return None
    if not (out / MANIFEST_FILE).is_file():
        msg = f"{out} is there and holds no {MANIFEST_FILE}: it is not overwritten"
        raise PreparedError(msg)
    try:
        manifest = read_manifest(out)
    except PreparedError:
        return None
    return manifest if is_whole(manifest, out) else None


def _make(rules: Rules, inputs: dict[str, str], raw: Path, out: Path) -> Manifest:
    # pyarrow and datasets load when there is something to do, not to see that
    # there is not.
    from training.preparation.files import (  # noqa: PLC0415
        Verdicts,
        write_page,
        write_rows,
    )
    from training.preparation.spool import Spooled, spool  # noqa: PLC0415

    sources = read_sources()
    aside: list[SetAside] = []
    spooled = out / "rows.arrow"
    rows = spool(_read(rules.corpora, raw, aside), spooled)
    texts = Spooled(spooled).texts()
    clusters = cluster(texts).tolist()
    log.info("clustered", rows=len(rows), clusters=len(set(clusters)))
    equal = equal_texts(Spooled(spooled).wholes()).tolist()
    splits = split(rows, clusters, seed=rules.seed)
    by_time = time_split(rows, clusters)
    fates = settle(rows, clusters, equal, splits)
    verdicts = Verdicts(rows, clusters, splits, by_time, fates)
    write_rows(Spooled(spooled).batches(), verdicts, sources, out)
    spooled.unlink()
    write_page(out)
    _write_set_aside(out / SET_ASIDE_FILE, aside)
    homes = [verdicts.home(i) for i in range(len(rows))]
    manifest = Manifest(
        rules=rules,
        inputs=inputs,
        outputs=_sizes(out),
        digest=digest(rows, splits, by_time),
        rows={
            str(s): _counts(
                r.corpus for r, h in zip(rows, homes, strict=True) if h is s
            )
            for s in Split
        },
        set_aside=_by_corpus((a.corpus, a.reason) for a in aside),
        left_out=_by_corpus(
            (r.corpus, str(f)) for r, f in zip(rows, fates, strict=True) if f
        ),
        conflicts={
            "equal_texts": count_conflicts(rows, equal),
            "clusters": count_conflicts(rows, clusters),
        },
        missing={n: where_to_get(n) for n in CORPORA if n not in rules.corpora},
    )
    text = manifest.model_dump_json(indent=2)
    (out / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")
    return manifest


def _read(corpora: Sequence[str], raw: Path, aside: list[SetAside]) -> Iterator[Row]:
    for name in corpora:
        n_rows, n_aside = 0, len(aside)
        for found in read_corpus(name, raw):
            if isinstance(found, SetAside):
                aside.append(found)
            else:
                n_rows += 1
                yield found
        log.info("read", corpus=name, rows=n_rows, set_aside=len(aside) - n_aside)


def _write_set_aside(path: Path, aside: Sequence[SetAside]) -> None:
    lines = [json.dumps(asdict(a), ensure_ascii=False) + "\n" for a in aside]
    path.write_text("".join(lines), encoding="utf-8")


def _sizes(folder: Path) -> dict[str, int]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.stat().st_size for p in files}


def _counts(names: Iterator[str]) -> dict[str, int]:
    return dict(Counter(names))


def _by_corpus(pairs: Iterator[tuple[str, str]]) -> Counts:
    found: Counts = {}
    for (corpus, reason), n in Counter(pairs).items():
        found.setdefault(corpus, {})[reason] = n
    return found


def _replace(out: Path, aside: Path) -> None:
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    aside.rename(out)
    shutil.rmtree(old, ignore_errors=True)

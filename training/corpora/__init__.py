"""One reader for each corpus, in the format that its authors publish."""

from pathlib import Path

from training.corpora import (
    ie403_smishing,
    protected_speech,
    reintel,
    safesense,
    samples,
    victsd,
    vifactcheck,
    vihos,
    vihsd,
    visnli,
    vispamreviews,
    vithsd,
    vlsp2019_hsd,
)
from training.corpora.row import Head, Reader, Reading, Row, SetAside
from training.corpora.sources import where_to_get
from training.errors import CorpusMissingError

__all__ = [
    "CORPORA",
    "Head",
    "Reader",
    "Reading",
    "Row",
    "SetAside",
    "folder_of",
    "read_corpus",
]

CORPORA: dict[str, Reader] = {
    "reintel": reintel.read,
    "vihsd": vihsd.read,
    "victsd": victsd.read,
    "vlsp2019_hsd": vlsp2019_hsd.read,
    "safesense": safesense.read,
    "vispamreviews": vispamreviews.read,
    "ie403_smishing": ie403_smishing.read,
    protected_speech.NAME: protected_speech.read,
    samples.NAME: samples.read,
    "vihos": vihos.read,
    "vithsd": vithsd.read,
    "vifactcheck": vifactcheck.read,
    "visnli": visnli.read,
}
"""A corpus that comes later is appended: splits name a cluster by its oldest corpus."""


def folder_of(name: str, root: Path) -> Path:
    """Return where the files of the corpus *name* lie; the samples come with us."""
    return samples.FOLDER if name == samples.NAME else root / name


def read_corpus(name: str, root: Path) -> Reading:
    """
    Yield the rows of the corpus *name* from its folder under *root*.

    Raises:
        CorpusMissingError: If there is no such corpus, or its files are not there.
    """
    if name not in CORPORA:
        msg = f"no corpus {name!r}; there are {', '.join(CORPORA)}"
        raise CorpusMissingError(msg)
    try:
        yield from CORPORA[name](folder_of(name, root))
    except CorpusMissingError as e:
        msg = f"{e}; {where_to_get(name)}"
        raise CorpusMissingError(msg) from e

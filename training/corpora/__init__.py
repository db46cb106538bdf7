"""One reader for each corpus, in the format that its authors publish."""

from pathlib import Path

from training.corpora import (
    ie403_smishing,
    protected_speech,
    reintel,
    safesense,
    victsd,
    vihsd,
    vispamreviews,
    vlsp2019_hsd,
)
from training.corpora.row import Reader, Reading, Row, SetAside
from training.corpora.sources import where_to_get
from training.errors import CorpusMissingError

__all__ = ["CORPORA", "Reader", "Reading", "Row", "SetAside", "read_corpus"]

CORPORA: dict[str, Reader] = {
    "reintel": reintel.read,
    "vihsd": vihsd.read,
    "victsd": victsd.read,
    "vlsp2019_hsd": vlsp2019_hsd.read,
    "safesense": safesense.read,
    "vispamreviews": vispamreviews.read,
    "ie403_smishing": ie403_smishing.read,
    protected_speech.NAME: protected_speech.read,
}


def read_corpus(name: str, root: Path) -> Reading:
    """
    Read the corpus *name* from its folder under *root*.

    Raises:
        CorpusMissingError: If there is no such corpus, or its files are not there.
    """
    if name not in CORPORA:
        msg = f"no corpus {name!r}; there are {', '.join(CORPORA)}"
        raise CorpusMissingError(msg)
    try:
        return CORPORA[name](root / name)
    except CorpusMissingError as e:
        msg = f"{e}; {where_to_get(name)}"
        raise CorpusMissingError(msg) from e

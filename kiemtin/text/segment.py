"""
Join the syllables of a word (``lừa đảo`` → ``lừa_đảo``), as PhoBERT expects them.

A segmenter finds edits, as a step of normalization does, so that every token leads back
to the text: a space inside a word becomes ``_``, and a sign that touches a word gets a
space before it or after it. No character is changed, moved or left out.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib import import_module, metadata, util
from pathlib import Path
from typing import Any, Protocol

import regex

from kiemtin.errors import SegmenterUnavailableError
from kiemtin.text.normalize import Normalized
from kiemtin.text.offsets import Edit, apply_edits
from kiemtin.text.steps.placeholders import PLACEHOLDERS

JOIN = "_"
"""What stands in the place of a space inside a word."""

TRACE = "segment"
"""The name under which a trace counts what a segmenter did."""

_MODEL = "pipeline/word_tokenize/models/ws_crf_vlsp2013_20230727"

# Every branch begins with its own set of characters and repeats over one set at a time:
# linear in the text. (underthesea's own pattern is not: it looks for links in a way
# that takes twice as long for each "!" behind "a.bc/".)
_TOKEN = regex.compile(
    rf"""
      {"|".join(map(regex.escape, PLACEHOLDERS))}
    | \p{{Lu}}+(?:\.\p{{Lu}}\w*+)++            # TP.HCM, M.U, V.League
    | (?:TP|Tp|ThS|TS|GS|BS|Mrs?|Ms|Dr|[A-ZĐ])\.(?!$)
    | \d++(?:[.,:/-]\d++)*+(?:\p{{Lu}}++\d*+)?+  # 60.000, 20:30, 5/3/2026, 4K
    | \w++(?:[-'’&]\w++)*+                    # covid-19, H'Mông, H&M
    | \.{{2,}} | -{{2,}} | [:=]\)+ | <3
    | [^\w\s]\p{{M}}*
    """,
    regex.VERBOSE,
)


class Segmenter(Protocol):
    """
    What joins the syllables of a text.

    Attributes:
        name: What it is called in a manifest.
        version: All that its output depends on.
    """

    name: str
    version: str

    def find(self, text: str) -> Iterable[Edit]:
        """Return the edits that join and separate words, ascending."""


class RawSyllables:
    """Leaves a text as it is."""

    name, version = "none", ""

    def find(self, text: str) -> Iterable[Edit]:
        """Return no edits."""
        return ()


class Underthesea:
    """
    The conditional random field of underthesea, on tokens of our own.

    Only the Rust core is imported, and the model read from where underthesea lies: the
    package itself brings along agents and downloads that a service has no use for.
    """

    name = "underthesea"

    def __init__(self, version: str) -> None:
        self.version = version
        core, joblib = import_module("underthesea_core"), import_module("joblib")
        folder = _folder_of("underthesea") / _MODEL
        self._tagger = core.CRFTagger()
        self._tagger.load(str(folder / "models.bin"))
        self._featurizer: Any = core.CRFFeaturizer(
            *(joblib.load(folder / f) for f in ("features.bin", "dictionary.bin"))
        )

    def find(self, text: str) -> Iterator[Edit]:
        """Yield an edit wherever two syllables are one word, or two tokens touch."""
        spans = [m.span() for m in _TOKEN.finditer(text)]
        sentence = [[text[a:b]] for a, b in spans]
        tags = self._tagger.tag(self._featurizer.process([sentence])[0])
        for (_, end), (start, _), tag in zip(spans, spans[1:], tags[1:], strict=False):
            if end == start:
                yield Edit(end, start, " ")
            elif tag == "I-W" and text[end - 1].isalnum() and text[start].isalnum():
                yield Edit(end, start, JOIN)


_MAKERS: dict[str, tuple[tuple[str, ...], Callable[[str], Segmenter]]] = {
    "none": ((), lambda _: RawSyllables()),
    "underthesea": (("underthesea", "underthesea_core"), Underthesea),
}
"""The packages that a segmenter is made of, and how it is made."""


def installed_version(name: str) -> str | None:
    """Return the version of segmenter *name* that is installed here, if it is."""
    packages, _ = _MAKERS[name]
    try:
        return "+".join(metadata.version(p) for p in packages)
    except metadata.PackageNotFoundError:
        return None


def load_segmenter(name: str, version: str) -> Segmenter:
    """
    Load the segmenter that a manifest names.

    Raises:
        SegmenterUnavailableError: If it is unknown, not installed or another version.
    """
    if name not in _MAKERS:
        msg = f"no segmenter is called {name!r}, only {', '.join(_MAKERS)}"
        raise SegmenterUnavailableError(msg)
    found = installed_version(name)
    if found != version:
        here = "it is not installed" if found is None else f"{found!r} is installed"
        msg = f"segmenter {name} {version!r} is needed, but {here}"
        raise SegmenterUnavailableError(msg)
    _, make = _MAKERS[name]
    return make(version)


def segment(text: Normalized, segmenter: Segmenter) -> Normalized:
    """Return *text* with its words joined, and the longer way back to the original."""
    joined, way = apply_edits(text.text, segmenter.find(text.text))
    if way is None:
        return text
    trace = {**text.trace, TRACE: len(way)}
    return replace(text, text=joined, maps=(*text.maps, way), trace=trace)


def _folder_of(package: str) -> Path:
    """Return where *package* lies, without importing it."""
    spec = util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        msg = f"{package} is installed, but cannot be found"
        raise SegmenterUnavailableError(msg)
    return Path(spec.submodule_search_locations[0])

"""The whole audit: made section by section, and written for people and for programs."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import structlog

from training.auditing.label_errors import LabelErrors
from training.auditing.page import render_page
from training.auditing.pool import Audited, Section, Severity
from training.auditing.sections import PARTS, Audit, SectionFinding

AUDIT_FILE = "audit.json"
PAGE_FILE = "index.html"
SUSPECTS_FILE = "label_errors.csv"

_FORMULA = frozenset("=+-@")
_WORST_FIRST = (Severity.BAD, Severity.WARN, Severity.INFO)

log = structlog.get_logger()


def audit(pool: Audited, *, seed: int) -> Audit:
    """Audit *pool*; *seed* is of all that is drawn by chance."""
    made: dict[str, Section] = {}
    for part in PARTS:
        log.info("auditing", section=part.name)
        made[part.name] = part.find(pool, seed=seed)
    found = sorted(_findings(made), key=lambda f: _WORST_FIRST.index(f.severity))
    return Audit.model_validate(
        {"seed": seed, "n_rows": len(pool.rows), "findings": tuple(found), **made}
    )


def write_audit(audited: Audit, folder: Path) -> Path:
    """
    Write *audited* into *folder*, which is made if need be, and return the page.

    The JSON holds no text of a post; the page and the list of likely label errors do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    figures = audited.model_dump_json(indent=1)
    (folder / AUDIT_FILE).write_text(f"{figures}\n", encoding="utf-8")
    write_suspects(audited.label_errors, folder / SUSPECTS_FILE)
    page = folder / PAGE_FILE
    page.write_text(render_page(audited), encoding="utf-8")
    return page


def write_suspects(found: LabelErrors, path: Path) -> None:
    """Write what a person should go through, for a spreadsheet."""
    # A spreadsheet takes UTF-8 for what it is only after this mark.
    with path.open("w", encoding="utf-8-sig", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(("key", "split", "given", "suggested", "quality", "text"))
        for corpus in found.corpora:
            for s in corpus.suspects:
                text = _as_text(s.text)
                writer.writerow((s.key, s.split, s.given, s.suggested, s.quality, text))


def _as_text(text: str) -> str:
    """Return *text* so that no spreadsheet takes it for a formula and computes it."""
    return f"'{text}" if text.lstrip()[:1] in _FORMULA else text


def _findings(made: Mapping[str, Section]) -> Iterator[SectionFinding]:
    for part in PARTS:
        for found in part.say(made[part.name]):
            yield SectionFinding(section=part.name, **dict(found))

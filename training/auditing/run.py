"""``kiemtin data audit``: read the corpora as they are, join what was prepared, report."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import structlog

from training.auditing.audit import audit, write_audit
from training.auditing.pool import Audited
from training.corpora import Row, SetAside, read_corpus
from training.errors import PreparedError
from training.pool import equal_texts
from training.preparation.files import file_of
from training.preparation.manifest import hash_inputs, is_current, read_manifest
from training.splits import Split

log = structlog.get_logger()


def run(raw: Path, prepared: Path, out: Path, *, seed: int) -> Path:
    """
    Audit the corpora in *raw* and return the page that was written to *out*.

    Args:
        raw: A folder with a folder for each corpus.
        prepared: What ``prepare`` made of it; clusters and splits come from there.
        out: A folder for the page, the JSON and the list of likely label errors.
        seed: Of folds and topics.

    Raises:
        PreparedError: If *prepared* was made of other files, or by other rules.
    """
    pool = load_audited(raw, prepared)
    log.info("auditing", rows=len(pool.rows), corpora=len(pool.corpora))
    return write_audit(audit(pool, seed=seed), out)


def load_audited(raw: Path, prepared: Path) -> Audited:
    """
    Return every row in *raw*, with its facets, and what was decided of it.

    Raises:
        PreparedError: If *prepared* was made of other files, or by other rules.
    """
    corpora = _prepared_of(raw, prepared)
    found = [x for name in corpora for x in read_corpus(name, raw)]
    rows = [x for x in found if isinstance(x, Row)]
    verdicts = _verdicts(prepared)
    at = {row.key: i for i, row in enumerate(rows)}
    return Audited(
        rows=rows,
        set_aside=[x for x in found if isinstance(x, SetAside)],
        clusters=np.array([at[verdicts[r.key][0]] for r in rows], dtype=np.int64),
        equal=equal_texts([f"{r.text}\n{r.evidence or ''}" for r in rows]),
        splits=[verdicts[r.key][1] for r in rows],
    )


def _prepared_of(raw: Path, prepared: Path) -> tuple[str, ...]:
    manifest = read_manifest(prepared)
    corpora = manifest.rules.corpora
    if not is_current(manifest) or hash_inputs(corpora, raw) != manifest.inputs:
        msg = (
            f"{prepared} was made of other files than {raw}, or by other rules; "
            "make it anew with `kiemtin data prepare`"
        )
        raise PreparedError(msg)
    return corpora


def _verdicts(prepared: Path) -> Mapping[str, tuple[str, str]]:
    """Return the cluster and the split of each row, by its key."""
    out = {}
    for split in Split:
        columns = ["corpus", "row_id", "cluster"]
        table = pq.read_table(prepared / file_of(split), columns=columns)
        for corpus, row_id, cluster in zip(*table.columns, strict=True):
            key = f"{corpus.as_py()}:{row_id.as_py()}"
            out[key] = (cluster.as_py(), str(split))
    return out

"""Make a challenger champion, or the former champion again; the alias moves last."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog

from kiemtin.goldens import check_goldens, read_goldens
from kiemtin.scoring import Scorer
from training.errors import GateError
from training.promotion.evidence import Evidence
from training.promotion.gate import Verdict, judge
from training.promotion.limits import Limits, load_limits
from training.promotion.measuring import gather
from training.tracking.history import Decision, Kind
from training.tracking.promoting import Promoter
from training.tracking.registry import Registered, Registry

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Examined:
    """A challenger with what was measured of it and what the gate says."""

    challenger: Registered
    champion: Registered | None
    evidence: Evidence
    limits: Limits
    verdict: Verdict

    def document(self) -> dict[str, Any]:
        """Return all that a decision rests on."""
        parts = {
            "verdict": self.verdict,
            "evidence": self.evidence,
            "limits": self.limits,
        }
        return {k: v.model_dump(mode="json") for k, v in parts.items()}


def examine(
    reference: str,
    *,
    data: Path,
    floors: Path,
    registry: Registry,
    limits: Limits | None = None,
) -> Examined:
    """
    Measure the version that *reference* stands for, and judge it; nothing changes.

    Args:
        reference: An alias or a number.
        data: What ``kiemtin data prepare`` made.
        floors: Where the scores of the floor are kept.
        registry: Where the models are.
        limits: By default those of ``gate.toml``.

    Raises:
        NoModelError: If there is no such version.
        GateError: If it is the champion already.
        BundleError: If a bundle cannot be loaded.
        PreparedError: If there is no prepared set.
    """
    limits = limits or load_limits()
    challenger, champion = registry.find(reference), registry.champion()
    if champion and challenger.version == champion.version:
        msg = f"version {challenger.version} is the champion already"
        raise GateError(msg)
    with TemporaryDirectory() as folder:
        evidence = gather(
            _fetched(challenger, registry, Path(folder)),
            _fetched(champion, registry, Path(folder)) if champion else None,
            data,
            floors=floors,
            least_rows=limits.overall.least_rows,
        )
    return Examined(challenger, champion, evidence, limits, judge(evidence, limits))


def decide(examined: Examined, *, reason: str, by: str, registry: Registry) -> Decision:
    """
    Make what was examined champion if the gate lets it, and record it either way.

    Args:
        examined: What ``examine`` returned.
        reason: Why somebody wants it.
        by: Who that is.
        registry: Where the models are.

    Raises:
        GateError: With every reason, if the gate does not let it.
        StoreError: If it cannot be recorded, or the champion is another by now.
    """
    holds = examined.verdict.holds
    decision = _decision(
        Kind.PROMOTION if holds else Kind.REFUSAL,
        examined.challenger,
        examined.champion,
        data_digest=examined.evidence.data_digest,
        reason=reason,
        by=by,
    )
    promoter = Promoter(registry)
    if not holds:
        promoter.refuse(decision, examined.document())
        examined.verdict.require()
    return promoter.crown(decision, examined.document())


def rollback(*, reason: str, by: str, registry: Registry) -> Decision:
    """
    Make the former champion champion again, once it has proven itself, and record it.

    Raises:
        NoModelError: If there is no former champion, or the record of it has a gap.
        BundleError: If it does not prove itself.
    """
    promoter = Promoter(registry)
    champion = registry.champion()
    former = promoter.former(champion)
    with TemporaryDirectory() as folder:
        _, bundle = _fetched(former, registry, Path(folder))
        check_goldens(Scorer.load(bundle), read_goldens(bundle))
    decision = _decision(Kind.ROLLBACK, former, champion, reason=reason, by=by)
    return promoter.crown(decision, {})


def _fetched(wanted: Registered, registry: Registry, folder: Path) -> tuple[str, Path]:
    return wanted.version, registry.resolve(wanted.version, folder)


def _decision(
    kind: Kind,
    version: Registered,
    before: Registered | None,
    *,
    reason: str,
    by: str,
    data_digest: str = "",
) -> Decision:
    return Decision(
        kind=kind,
        version=version.version,
        digest=version.digest,
        before=before.version if before else "",
        before_digest=before.digest if before else "",
        data_digest=data_digest,
        by=by,
        reason=reason,
        when=datetime.now(UTC).replace(microsecond=0),
    )

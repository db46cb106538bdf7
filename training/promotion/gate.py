"""The gate: from measurements to a verdict, with every reason."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ConfigDict

from kiemtin.labels import Label
from training.errors import GateError
from training.promotion.chance import clearly_worse
from training.promotion.evidence import Candidate, Evidence, Lost, Passed, lose
from training.promotion.gaps import Gap
from training.promotion.limits import FunctionalLimits, Limits, SliceLimits

_TOO_FEW = "too few rows to compare on"


class Check(BaseModel):
    """One thing that a challenger must hold."""

    model_config = ConfigDict(frozen=True)

    name: str
    holds: bool
    says: str
    """What was found, with its figure and its limit."""


class Verdict(BaseModel):
    """Every check of a challenger, those that hold, too."""

    model_config = ConfigDict(frozen=True)

    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether the challenger may become champion."""
        return all(c.holds for c in self.checks)

    @property
    def reasons(self) -> list[str]:
        """Why it may not."""
        return [f"{c.name}: {c.says}" for c in self.checks if not c.holds]

    def require(self) -> None:
        """
        Raise every reason against the challenger at once.

        Raises:
            GateError: If there is any.
        """
        if self.reasons:
            raise GateError("; ".join(self.reasons))


def judge(evidence: Evidence, limits: Limits) -> Verdict:
    """Return what *evidence* says of the challenger under *limits*."""
    return Verdict(checks=tuple(_checks(evidence, limits)))


def _checks(evidence: Evidence, limits: Limits) -> Iterator[Check]:
    challenger, champion = evidence.challenger, evidence.champion
    yield _proven(challenger)
    yield _labels(challenger, champion)
    yield _splits(challenger, evidence.data_digest)
    yield from _protected(challenger, limits)
    if champion is None:
        yield _above_floor(evidence.floor)
        return
    yield _overall(evidence.overall, limits.overall.loss)
    yield from _slices(evidence.slices, limits.slices)
    yield from _functional(
        challenger.functional, champion.functional, limits.functional
    )


def _proven(challenger: Candidate) -> Check:
    says = challenger.unproven or "files, goldens and export hold"
    return Check(name="proof", holds=not challenger.unproven, says=says)


def _labels(challenger: Candidate, champion: Candidate | None) -> Check:
    wanted = champion.labels if champion else tuple(Label)
    said = ", ".join(challenger.labels)
    return Check(name="labels", holds=challenger.labels == wanted, says=said)


def _splits(challenger: Candidate, measured_on: str) -> Check:
    known = challenger.data_digest or "unknown"
    holds = known == measured_on
    says = f"trained on the splits {_short(known)}"
    if not holds:
        says += f", measured on {_short(measured_on)}: it may have learnt the test rows"
    return Check(name="splits", holds=holds, says=says)


def _protected(challenger: Candidate, limits: Limits) -> Iterator[Check]:
    protected, benign = challenger.protected, challenger.benign
    most, ratio = limits.protected.flagged, limits.protected.ratio
    flags = (
        f"{protected.value:.1%} of protected speech is flagged "
        f"({protected.low:.1%} to {protected.high:.1%}, {protected.rows} rows)"
    )
    yield Check(
        name="protected",
        holds=protected.value <= most,
        says=f"{flags}, at most {most:.1%}",
    )
    yield Check(
        name="protected ratio",
        holds=protected.value <= ratio * benign.value,
        says=f"{_ratio(protected.value, benign.value)} the share of other benign text "
        f"({benign.value:.1%} of {benign.rows} rows), at most {ratio}",
    )


def _above_floor(floor: Gap | None) -> Check:
    """A first champion has no other to be held against."""
    if floor is None:
        return Check(name="floor", holds=False, says=_TOO_FEW)
    says = f"{_told(floor)} in AUC against TF-IDF, must not be below"
    return Check(name="floor", holds=floor.difference >= 0, says=says)


def _overall(gap: Gap | None, most: float) -> Check:
    if gap is None:
        return Check(name="overall", holds=False, says=_TOO_FEW)
    # Two ways to fail: to lose clearly, and to leave open whether much is lost.
    holds = gap.high >= 0 and -gap.low <= most
    says = f"{_told(gap)}, may lose {most} at its low end, and nothing clearly"
    return Check(name="overall", holds=holds, says=says)


def _slices(gaps: Mapping[str, Gap], limits: SliceLimits) -> Iterator[Check]:
    """Check each slice, kind by kind: corpora, lengths, topics and so on."""
    kinds: dict[str, dict[str, Gap]] = {}
    for name, gap in gaps.items():
        kinds.setdefault(_kind(name), {})[name] = gap
    for family in kinds.values():
        p_values = {name: gap.p_worse for name, gap in family.items()}
        worse = clearly_worse(p_values, 1 - limits.confidence)
        for name, gap in family.items():
            most = limits.of(name)
            says = f"{_told(gap)}, may lose {most}, or more by chance"
            holds = name not in worse or -gap.difference <= most
            yield Check(name=f"slice {name}", holds=holds, says=says)


def _kind(name: str) -> str:
    return name.partition(".")[0].removeprefix("not_")


def _functional(
    ours: Mapping[str, Passed], theirs: Mapping[str, Passed], limits: FunctionalLimits
) -> Iterator[Check]:
    """Check all cases together, each family, and each capability."""
    found = {n: lose(ours[n], theirs[n]) for n in ours if n in theirs}
    families: dict[str, Lost] = {}
    for name, lost in found.items():
        family = name.partition(".")[0]
        families[family] = families.get(family, Lost()) + lost
    if not found:
        return
    level = 1 - limits.confidence
    yield from _lost({"": sum(found.values(), Lost())}, limits.lost, level)
    yield from _lost(families, limits.family_lost, level)
    yield from _lost(found, limits.capability_lost, level=None)


def _lost(
    found: Mapping[str, Lost], most: float, level: float | None
) -> Iterator[Check]:
    """Check parts of the cases: beyond chance at *level*, or plainly where it is None."""
    p_values = {name: lost.p_worse for name, lost in found.items()}
    worse = set(found) if level is None else clearly_worse(p_values, level)
    for name, lost in found.items():
        yield Check(
            name=f"functional {name}".rstrip(),
            holds=name not in worse or lost.net <= most * lost.cases,
            says=f"{lost.fallen} of {lost.cases} cases fail that the champion passes, "
            f"{lost.risen} the other way round, may lose {most:.0%}",
        )


def _told(gap: Gap) -> str:
    return (
        f"{gap.difference:+.4f} ({gap.low:+.4f} to {gap.high:+.4f}, {gap.figures} "
        f"figures on {gap.rows} rows)"
    )


def _ratio(share: float, other: float) -> str:
    return f"{share / other:.2f} times" if other else "beyond any multiple of"


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:12]

"""Everything that the review console says; one value of ``Words`` for each language."""

from dataclasses import dataclass
from datetime import UTC, datetime

from kiemtin.labels import Label
from serving.console.desk.lead_phrases import AppealWords, LeadWords, ReportWords
from serving.console.desk.phrases import (
    BoardWords,
    CaseWords,
    DecideWords,
    SettingsWords,
    Shell,
    SignInWords,
)
from serving.review.outcomes import Origin, Outcome

_LEAST_POINT = 0.005
_LARGE = 10_000
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language; in braces stands what a page puts in."""

    lang: str
    other_lang: str
    other_lang_name: str
    decimal_comma: bool
    units: tuple[str, str, str, str]
    """Days, hours, minutes and seconds, as short as people write them."""

    shell: Shell
    sign_in: SignInWords
    board: BoardWords
    case: CaseWords
    decide: DecideWords
    lead: LeadWords
    appeals: AppealWords
    report: ReportWords
    settings: SettingsWords

    labels: dict[Label, str]
    outcomes: dict[Outcome, tuple[str, str]]
    """The name of each, and what it means."""
    kinds: dict[str, str]
    origins: dict[Origin, str]
    stages: dict[str, str]
    drawn: dict[str, str]
    acts: dict[str, str]
    """What the history calls the acts of the audit log."""
    keys: dict[str, str]
    said: dict[str, str]
    """What was done, in a line, after it was."""
    errors: dict[str, str]

    def number(self, n: float, digits: int = 0) -> str:
        """Return *n* as people write it."""
        return self._local(f"{n:,.{digits}f}")

    def factor(self, n: float) -> str:
        """Return a factor, with a power of ten where it is very large."""
        if n < _LARGE:
            return self.number(n, 2)
        mantissa, _, exponent = f"{n:.1e}".partition("e")
        power = str(int(exponent)).translate(_RAISED)
        return self._local(mantissa) + f"·10{power}"

    def percent(self, p: float | None, digits: int = 1) -> str:
        """Return a share as people write it, a dash if there is none."""
        if p is None:
            return "–"
        sign = " %" if self.decimal_comma else "%"
        figures = f"{100 * p:,.{digits}f}"
        return self._local(figures.removesuffix(".0")) + sign

    def points(self, weight: float) -> str:
        """Say by how many percentage points a label falls without a word."""
        figures = self.number(100 * weight) if weight >= _LEAST_POINT else "<1"
        return self.case.reason.format(points=figures)

    def duration(self, seconds: float | None) -> str:
        """Return a time span in its two largest units, a dash if there is none."""
        if seconds is None:
            return "–"
        left, parts = int(abs(seconds)), []
        for size, unit in zip((_DAY_S, _HOUR_S, _MINUTE_S, 1), self.units, strict=True):
            n, left = divmod(left, size)
            parts.append((n, unit))
        first = next((i for i, (n, _) in enumerate(parts) if n), len(parts) - 1)
        shown = [f"{n} {unit}" for n, unit in parts[first : first + 2] if n]
        return " ".join(shown) or f"0 {self.units[-1]}"

    def due(self, at: datetime, now: datetime) -> str:
        """Say how long there is until *at*, or how long it is past."""
        seconds = (at - now).total_seconds()
        template = self.case.due_in if seconds >= 0 else self.case.overdue_by
        return template.format(time=self.duration(seconds))

    def ago(self, at: datetime, now: datetime) -> str:
        """Say how long ago *at* was."""
        return self.case.ago.format(time=self.duration((now - at).total_seconds()))

    def moment(self, at: datetime) -> str:
        """Return a moment to the minute, in UTC; the script makes it local."""
        return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")

    def clock(self, at: datetime) -> str:
        """Return a time of day to the second, in UTC."""
        return at.astimezone(UTC).strftime("%H:%M:%S UTC")

    def _local(self, figures: str) -> str:
        if self.decimal_comma:
            return figures.translate({ord(","): ".", ord("."): ","})
        return figures

"""The transparency report, as a page and as files."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from fastapi import APIRouter
from fastapi.responses import Response

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.access.signing_in import CONSOLE
from serving.console.desk.desktop import Desktop, DesktopDep
from serving.console.desk.frame import DeskRoute
from serving.console.desk.told import told
from serving.review.rows import report_csv
from serving.review.transparency import Report, report
from serving.schemas.exports import ReportOut

_AT = f"{CONSOLE}/report"
_DAYS = timedelta(days=29)
_MOST_DAYS = timedelta(days=366)
_LEAST = date(2000, 1, 1)

router = APIRouter(
    route_class=DeskRoute, dependencies=[needs(Scope.EXPORT, Scope.LEAD)]
)


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day of a report, both whole."""

    first: date
    last: date
    is_wrong: bool = False

    @classmethod
    def of(cls, since: str, until: str, today: date) -> "Days":
        """Return those that were asked for, or else the last thirty."""
        usual = cls(today - _DAYS, today, is_wrong=True)
        try:
            last = date.fromisoformat(until) if until else today
            first = date.fromisoformat(since) if since else last - _DAYS
        except (ValueError, OverflowError):
            return usual
        is_good = (
            timedelta(0) <= last - first <= _MOST_DAYS
            and first >= _LEAST
            and last < date.max
        )
        return cls(first, last) if is_good else usual

    @property
    def since(self) -> datetime:
        """When the first day begins."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def until(self) -> datetime:
        """When the last day is over."""
        return datetime.combine(self.last + timedelta(days=1), time(), UTC)


@router.get(_AT)
def show_report(
    desktop: DesktopDep, since: str = "", until: str = "", form: str = "page"
) -> Response:
    """Show what was done in a time, without any person or text."""
    days = Days.of(since, until, datetime.now(UTC).date())
    made = _make(desktop, days, form)
    name = f"transparency-{days.first}-{days.last}"
    if form == "csv":
        return _file(report_csv(made), f"{name}.csv", "text/csv; charset=utf-8")
    if form == "json":
        shown = ReportOut.model_validate(made, from_attributes=True)
        return _file(shown.model_dump_json(), f"{name}.json", "application/json")
    at = f"{_AT}?since={days.first}&until={days.last}"
    frame = desktop.frame.wanted_by(desktop.database, at)
    return frame.show(
        "report.html",
        here="report",
        days=days,
        told=told(made, frame.words, desktop.policy),
    )


def _make(desktop: Desktop, days: Days, form: str) -> Report:
    with desktop.database.session() as session:
        made = report(session, days.since, days.until)
    with desktop.work() as work:
        period = f"{days.since.isoformat()}/{days.until.isoformat()}"
        form = form if form in {"csv", "json"} else "page"
        work.note("export.read", "transparency", period=period, format=form)
    return made


def _file(content: str, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)

"""The pages of those who lead: load, agreement, appeals, and the report."""

import csv
import io

import pytest

from serving.access.scopes import Role
from serving.db import AppealFilter, Appeals
from tests.fixtures.console_history import STATEMENT
from tests.serving.console.conftest import Desk


def test_plots_have_their_tables(desk: Desk) -> None:
    """Each plot says in words what it draws, and has a table behind it."""
    soup = desk.visit("hinh", Role.LEAD).page("/console/lead")

    figures = soup.select("figure.plot")
    assert len(figures) == 6
    for figure in figures:
        drawings = [str(x["aria-label"]) for x in figure.select('svg[role="img"]')]
        rows = figure.select("tbody tr")
        assert len(drawings) == len(rows) > 0
        for said, row in zip(drawings, rows, strict=True):
            name, figure_ = (x.text for x in row.select("th, td")[:2])
            assert said.startswith(f"{name}: {figure_}")


def test_what_a_lead_is_told(desk: Desk) -> None:
    """Ages, agreement, precision, golden items and reversals are those of the seed."""
    soup = desk.visit("so", Role.LEAD).page("/console/lead")

    text = " ".join(soup.text.split())
    assert "Chờ phân xử 1" in text
    assert "Giữ hay bỏ cờ 8 cặp" in text
    for name in ("an", "binh", "quyen"):
        assert desk.laid.person(name) in text
    assert soup.select('section[aria-labelledby="golden"] .dot')
    assert len(soup.select('section[aria-labelledby="recent"] .chip.late')) >= 3


def test_a_lead_adjudicates(desk: Desk) -> None:
    """The case on which two disagreed shows the lead both answers."""
    lead = desk.visit("xu", Role.LEAD)
    soup = lead.page("/console/lead")
    (link,) = soup.select('section[aria-labelledby="adjudication"] a')

    page = lead.submit(lead.page(str(link["href"])), "/claim")

    earlier = page.select('section[aria-labelledby="history-title"] .rows')[0]
    assert "phân xử" in page.text
    assert "Giữ cờ: Gắn cảnh báo" in earlier.text
    assert "Bỏ cờ: Ý kiến" in earlier.text
    lead.submit(page, "/release")


def test_appeals_by_their_state(desk: Desk) -> None:
    """Open appeals come first; those that were answered can be found, too."""
    lead = desk.visit("don", Role.LEAD)

    found = {
        state: [str(x["href"]) for x in lead.page(path).select("tbody a")]
        for state in ("open", "upheld", "overturned")
        for path in [f"/console/appeals?state={state}"]
    }

    assert f"/console/appeals/{desk.laid.appeals[8]}" in found["upheld"]
    assert found["overturned"] == [f"/console/appeals/{desk.laid.appeals[10]}"]
    assert len(found["open"]) >= 1


def test_an_appeal_is_answered(desk: Desk) -> None:
    """A lead reads the statement and the decision, and answers; what lacks is said."""
    lead = desk.visit("tra-loi", Role.LEAD)
    path = f"/console/appeals/{desk.laid.appeals[7]}"
    page = lead.page(path)

    wrong = lead.submit(page, "/answer")
    said = lead.submit(
        wrong, "/answer", verdict="upheld", answer="Chúng tôi giữ nguyên."
    )
    again = lead.page(path)

    assert STATEMENT in page.text
    assert [x.text for x in wrong.select("#errors a")] == [
        "Chọn giữ nguyên hoặc đảo lại.",
        "Viết câu trả lời.",
    ]
    assert "Đã trả lời khiếu nại." in said.text
    assert "Chúng tôi giữ nguyên." in again.text
    assert again.select('form[action$="/answer"]') == []


def test_an_overturned_decision_can_be_replaced(desk: Desk) -> None:
    """Who overturns a decision may say what takes its place, by the same rules."""
    lead = desk.visit("thay-the", Role.LEAD)
    page = lead.page(f"/console/appeals/{desk.laid.appeals[13]}")
    fields = {"verdict": "overturned", "answer": "Bạn nói đúng.", "outcome": "satire"}

    lead.submit(page, "/answer", **fields)
    with desk.laid.database.session() as session:
        done = Appeals(session).find(desk.laid.appeals[13], AppealFilter())
    case = lead.page(f"/console/cases/{done.case_id}") if done else None

    assert done is not None
    assert done.state == "overturned"
    assert case is not None
    assert "Bỏ cờ: Châm biếm" in case.text


def test_an_appeal_against_oneself_is_for_others(desk: Desk) -> None:
    """Who decided is told that another person must answer, and cannot by any form."""
    lead = desk.visit("binh", Role.LEAD)
    path = f"/console/appeals/{desk.laid.appeals[14]}"
    page = lead.page(path)

    fields = lead.token(page) | {"version": "1"}
    r = lead.post(
        f"{path}/answer", fields | {"verdict": "upheld", "answer": "Vẫn đúng."}
    )

    assert "Bạn đã tham gia quyết định này" in page.text
    assert page.select('form[action$="/answer"]') == []
    assert r.status_code == 409


def test_a_foreign_appeal_is_not_there(desk: Desk) -> None:
    """An appeal against a decision in another queue is answered like none."""
    lead = desk.visit("truong-hang", Role.LEAD, queues=["urgent"])

    foreign = lead.get(f"/console/appeals/{desk.laid.appeals[8]}")

    assert foreign.status_code == 404
    assert lead.page("/console/appeals?state=upheld").select("tbody a") == []


@pytest.mark.parametrize("role", [Role.LEAD, Role.SCIENTIST])
def test_the_report_names_nobody(desk: Desk, role: Role) -> None:
    """The report has figures for all, and no pseudonym but that of its reader."""
    visitor = desk.visit(f"bao-cao-{role}", role)

    soup = visitor.page("/console/report")

    text = " ".join((soup.main or soup).text.split())
    assert "Báo cáo minh bạch" in text
    assert "Thiếu tin cậyGiữ cờ: Gắn cảnh báoGần mức vi phạm" in text
    assert "rev_" not in text


def test_the_report_as_files(desk: Desk) -> None:
    """The same figures can be had as JSON and CSV, and that is noted."""
    visitor = desk.visit("tep", Role.SCIENTIST)

    as_json = visitor.get("/console/report?form=json")
    as_csv = visitor.get("/console/report?form=csv")

    rows = list(csv.reader(io.StringIO(as_csv.text)))
    assert as_json.json()["decisions"]["n"] > 10
    assert len(rows) > 20
    assert "attachment" in as_csv.headers["content-disposition"]


@pytest.mark.parametrize(
    "query",
    [
        "since=x",
        "since=2026-11-02&until=2026-11-01",
        "until=9999-12-31",
        "since=0001-01-01&until=0001-01-02",
        "since=2020-01-01&until=2026-01-01",
    ],
)
def test_odd_dates(desk: Desk, query: str) -> None:
    """Dates that cannot be used are said, and the last thirty days are shown."""
    visitor = desk.visit(f"ngay-{query}", Role.SCIENTIST)

    r = visitor.get(f"/console/report?{query}")

    assert r.status_code == 200
    assert "Ngày không hợp lệ" in r.text

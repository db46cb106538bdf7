"""How a case is decided without scripts, and how that is taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from serving.access.scopes import Role
from serving.db import Cases, Decisions
from serving.review.reversing import UNDO
from tests.serving.console.conftest import Desk, Visitor


def alert(soup: BeautifulSoup) -> str:
    """Return what the page says is wrong."""
    return " ".join(x.text for x in soup.select('[role="alert"]:not(#timer-says)'))


def decide(visitor: Visitor, page: BeautifulSoup, **more: str) -> BeautifulSoup:
    """Dismiss a case as an opinion, and return the page that comes then."""
    fields = {"outcome": "opinion", "reason_opinion": "opinion_or_criticism", **more}
    return visitor.submit(page, "/decide", **fields)


def put_back(desk: Desk, visitor: Visitor, soup: BeautifulSoup) -> None:
    """Undo what was just decided, and leave the case as it was."""
    again = visitor.submit(soup, "/undo")
    visitor.submit(again, "/release")


def test_deciding_leads_on(desk: Desk) -> None:
    """A decision is recorded for all copies, and the next case is there at once."""
    visitor = desk.visit("quyet")
    page = desk.take(visitor, "criticism")

    soup = decide(visitor, page, note="Góp ý với phường.\x00", spent_s="12.5")

    with desk.laid.database.session() as session:
        (made,) = Decisions(session).of(desk.laid.cases["criticism"])
    assert (made.outcome, made.note, made.spent_s) == (
        "opinion",
        "Góp ý với phường.\ufffd",
        12.5,
    )
    assert made.person == desk.laid.person("quyet")
    assert "Đã ghi: Ý kiến." in soup.text
    assert soup.select('form[action$="/decide"]')
    visitor.submit(soup, "/release")
    put_back(desk, visitor, soup)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Chọn một kết quả."),
        ({"outcome": "reverse"}, "Chọn một kết quả."),
        ({"outcome": "takedown", "labels": []}, "Chọn ít nhất một nhãn."),
        ({"outcome": "takedown", "clause": ""}, "Chọn điều bị vi phạm."),
        ({"outcome": "takedown"}, "Chọn một lý do cho kết quả này."),
        ({"outcome": "benign"}, "Chọn một lý do cho kết quả này."),
        ({"outcome": "benign", "reason_benign": "mistake"}, "Chọn một lý do"),
        (
            {"outcome": "correct", "reason_correct": "source_contradicts"},
            "Lý do này cần ghi rõ thêm.",
        ),
        (
            {
                "outcome": "takedown",
                "clause": "hate.group",
                "reason_takedown": "clear_violation",
            },
            "không hợp với kết quả",
        ),
    ],
)
def test_what_is_missing_is_said(
    desk: Desk, fields: dict[str, str | list[str]], said: str
) -> None:
    """A form that lacks something comes back with what it had, and nothing is decided."""
    visitor = desk.visit(f"thieu-{len(fields)}-{hash(said)}-{fields.get('outcome')}")
    page = desk.take(visitor, "advert")
    reasoned = {"note": "giữ lại"} if "cần ghi" not in said else {}

    soup = visitor.submit(page, "/decide", **fields, **reasoned)

    assert visitor.sent[-1].status_code == 422
    assert said in alert(soup)
    assert all(soup.select(str(x["href"])) for x in soup.select("#errors a"))
    (note,) = soup.select("#note")
    assert note.text.strip() == reasoned.get("note", "")
    chosen = [x["value"] for x in soup.select('[name="outcome"][checked]')]
    assert chosen == [x for x in [fields.get("outcome")] if x not in {None, "reverse"}]
    visitor.submit(soup, "/release")


def test_undo_gives_the_case_again(desk: Desk) -> None:
    """For ten minutes who decided can take it back, and has the case once more."""
    visitor = desk.visit("rut", queues=["abuse"])
    done = decide(visitor, desk.take(visitor, "insult"))
    visitor.submit(done, "/release")

    again = visitor.submit(done, "/undo")

    assert "Đã hoàn tác" in again.text
    assert again.select('form[action$="/decide"]')
    assert "insult" in str(again.select(".permalink"))
    visitor.submit(again, "/release")


def test_undo_ends(desk: Desk) -> None:
    """After ten minutes it is too late, and the page says who can help."""
    visitor = desk.visit("tre", queues=["abuse"])
    done = decide(visitor, desk.take(visitor, "insult"))
    visitor.submit(done, "/release")
    with desk.laid.database.session() as session:
        made = Decisions(session).of(desk.laid.cases["insult"])[-1]

    with pytest.MonkeyPatch.context() as m:
        m.setattr("serving.review.reversing.UNDO", timedelta(0))
        late = visitor.send(done, "/undo")
    with pytest.MonkeyPatch.context() as m:
        m.setattr("serving.console.desk.shown.UNDO", timedelta(0))
        page = visitor.page(f"/console?done={made.id}")

    assert late.status_code == 403
    assert "quá 10 phút" in late.text
    assert page.select('form[action$="/undo"]') == []
    assert datetime.now(UTC) - made.created_at < UNDO
    put_back(desk, visitor, done)


def test_nobody_undoes_for_others(desk: Desk) -> None:
    """The banner is for who decided; another person sees nothing there to undo."""
    visitor = desk.visit("minh", queues=["unreliable"])
    done = decide(visitor, desk.take(visitor, "rumour"))
    with desk.laid.database.session() as session:
        made = Decisions(session).of(desk.laid.cases["rumour"])[-1]
    other = desk.visit("nguoi-khac", queues=["unreliable"])

    page = other.page(f"/console?done={made.id}")
    fields = other.token(page)
    r = other.post(f"/console/decisions/{made.id}/undo", fields)

    assert "Đã ghi" not in page.text
    assert r.status_code == 404
    put_back(desk, visitor, done)


def test_a_lost_lease_is_said(desk: Desk) -> None:
    """Who comes too late is told so, and nothing was decided."""
    visitor = desk.visit("mat")
    page = desk.take(visitor, "advert")
    visitor.submit(page, "/release")

    soup = decide(visitor, page)

    assert visitor.sent[-1].status_code == 409
    assert "Bạn không còn giữ hồ sơ này" in alert(soup)
    with desk.laid.database.session() as session:
        case = Cases(session).get(desk.laid.cases["advert"], None)
    assert case is not None
    assert case.state == "open"


def test_ways_out(desk: Desk) -> None:
    """A case can be skipped or handed to a lead, with a reason, and that is kept."""
    visitor = desk.visit("bo", queues=["scam"])
    page = desk.take(visitor, "advert")

    asked = visitor.submit(page, "/skip")
    skipped = visitor.submit(page, "/skip", reason="too_distressing")

    assert "Chọn một lý do" in alert(asked)
    assert asked.select("#way-skip[open]")
    assert "Đã bỏ qua hồ sơ." in skipped.text
    assert "advert" not in str(skipped.select(".permalink"))
    if skipped.select('form[action$="/release"]'):
        visitor.submit(skipped, "/release")


def test_only_a_lead_reverses(desk: Desk) -> None:
    """A lead finds the form that takes a decision back at the decided case."""
    visitor = desk.visit("thuong", queues=["unreliable"])
    done = decide(visitor, desk.take(visitor, "rumour"))
    path = f"/console/cases/{desk.laid.cases['rumour']}"
    lead = desk.visit("truong", Role.LEAD)

    theirs, page = visitor.page(path), lead.page(path)
    soup = lead.submit(page, "/reverse", reason="reviewed_again", reopen="yes")

    assert theirs.select('form[action$="/reverse"]') == []
    assert "Đã đảo lại quyết định." in soup.text
    reopened = desk.take(visitor, "rumour")
    assert "Đảo lại" in reopened.text
    visitor.submit(reopened, "/release")
    assert done.select('form[action$="/undo"]')

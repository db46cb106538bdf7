"""The page of a case: what is seen there, and by whom."""

from datetime import UTC, datetime

import pytest

from tests.fixtures.console_cases import HOSTILE
from tests.serving.console.conftest import Desk


def test_what_a_reviewer_sees(desk: Desk) -> None:
    """The post with its marks, the machine's labels, reports, copies, clocks and why."""
    visitor = desk.visit("thay")
    soup = desk.take(visitor, "scam")

    marks = [(x.text, x["class"]) for x in soup.select(".post mark")]
    machine, users = soup.select_one("#machine-title"), soup.select_one("#users-title")
    assert marks == [("abc-xacminh.top", ["scam"]), ("OTP", ["scam"])]
    assert machine is not None
    assert users is not None
    assert machine.find_parent("section") != users.find_parent("section")
    bar = soup.select_one(".bars .scam")
    assert bar is not None
    assert "97 %" in bar.text
    assert "ngưỡng 50 %, khẩn 99 %, hiệu chỉnh platt" in bar.text
    assert "Mẹ tôi suýt mất tiền" in soup.text
    assert "Quyết định này áp dụng cho cả 7 bài" in soup.text
    assert "Hạn trả lời riêng: Người dùng báo cáo" in soup.text
    assert len(soup.select(".product span")) == 5
    visitor.submit(soup, "/release")


def test_the_post_is_covered_first(desk: Desk) -> None:
    """A post is blurred until its reviewer shows it, unless they chose otherwise."""
    visitor = desk.visit("che")
    covered = desk.take(visitor, "rumour")
    settings = visitor.page("/console/settings")
    for box in settings.select('[name="blur"]'):
        del box["checked"]
    visitor.submit(settings, "/console/settings")

    open_ = visitor.page(f"/console/cases/{desk.laid.cases['rumour']}")

    assert not covered.select("#show[checked]")
    assert open_.select("#show[checked]")
    visitor.submit(open_, "/release")


def test_a_hostile_post_is_only_text(desk: Desk) -> None:
    """Whatever a post says, it is shown as it was written, never as a page."""
    visitor = desk.visit("doc")
    soup = desk.take(visitor, "hostile")

    (post,) = soup.select(".post")
    assert post.text == HOSTILE
    assert [str(x["src"]) for x in soup.select("script")] == ["/static/console.js"]
    assert soup.select("img[onerror]") == []
    assert "<b>x</b>" in soup.text
    visitor.submit(soup, "/release")


def test_a_permalink_is_only_a_link(desk: Desk) -> None:
    """The address of the post is shown in full, tells it nothing, and is not loaded."""
    visitor = desk.visit("lien")
    soup = desk.take(visitor, "scam")

    (link,) = soup.select(".permalink a")
    assert link.text == link["href"] == "https://forum.example/posts/scam-0"
    assert {"noreferrer", "noopener"} <= set(link["rel"])
    visitor.submit(soup, "/release")


def test_a_comment_is_for_those_who_come_after(desk: Desk) -> None:
    """A comment is shown as it was written, to all who see the case."""
    path = f"/console/cases/{desk.laid.cases['advert']}"
    visitor = desk.visit("ghi")
    visitor.submit(visitor.page(path), "/comments", text="<i>Xem lại</i>")

    soup = desk.visit("doc-ghi").page(path)

    assert "<i>Xem lại</i>" in [x.text for x in soup.select(".rows .words")]


@pytest.mark.parametrize("act", ["claim", "decide", "skip", "comments", "renew"])
def test_a_form_from_elsewhere_does_nothing(desk: Desk, act: str) -> None:
    """Without the token of the session nothing is done, whoever is signed in."""
    visitor = desk.visit(f"gia-{act}")
    path = f"/console/cases/{desk.laid.cases['advert']}"

    without = visitor.post(f"{path}/{act}", {"text": "x"})
    wrong = visitor.post(f"{path}/{act}", {"text": "x", "csrf": "0" * 64})

    assert (without.status_code, wrong.status_code) == (403, 403)
    assert "Biểu mẫu này đã cũ" in without.text


def test_a_foreign_case_is_not_there(desk: Desk) -> None:
    """A case of another queue is answered like one that does not exist."""
    visitor = desk.visit("la", queues=["unreliable"])

    foreign = visitor.get(f"/console/cases/{desk.laid.cases['scam']}")
    none = visitor.get("/console/cases/case_none")
    odd = visitor.get("/console/cases/%00")

    assert {x.status_code for x in (foreign, none, odd)} == {404}
    assert foreign.text == none.text


def test_a_case_of_another_is_looked_at_only(desk: Desk) -> None:
    """Who does not have a case sees whose it is not, and no form to decide it."""
    holder = desk.visit("co")
    page = desk.take(holder, "advert")
    other = desk.visit("nhin")
    path = f"/console/cases/{desk.laid.cases['advert']}"

    soup = other.page(path)
    fields = other.token(soup)
    r = other.post(f"{path}/claim", fields)

    assert soup.select('form[action$="/decide"]') == []
    assert "Người khác đang giữ" in soup.text
    assert r.status_code == 409
    holder.submit(page, "/release")


def test_time_can_be_had_anew(desk: Desk) -> None:
    """The lease is renewed by a button, or by a script that is told until when."""
    visitor = desk.visit("gio")
    page = desk.take(visitor, "advert")
    (form,) = page.select('form[action$="/renew"]')
    fields = {str(x["name"]): str(x["value"]) for x in form.select("input")}

    by_hand = visitor.submit(page, "/renew")
    told = visitor.post(str(form["action"]), fields, Accept="application/json")
    visitor.submit(by_hand, "/release")
    late = visitor.post(str(form["action"]), fields, Accept="application/json")

    assert "Đã gia hạn." in by_hand.text
    assert datetime.fromisoformat(told.json()["ends_at"]) > datetime.now(UTC)
    assert (late.status_code, late.json()["code"]) == (409, "lease_lost")

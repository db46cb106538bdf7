"""A day at the review console, by keyboard, in a real Chromium."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from serving.access.scopes import Role
from serving.db import Cases, Decisions
from tests.e2e.console.conftest import Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def outcomes(desk: Desk, name: str) -> list[str]:
    """Return what was decided on a case."""
    with desk.laid.database.session() as session:
        return [x.outcome for x in Decisions(session).of(desk.laid.cases[name])]


def let_end(desk: Desk, name: str, in_s: float) -> None:
    """Let the lease of a case end so soon."""
    with desk.laid.database.work("system") as work:
        cases = Cases(work.session)
        case = cases.lock(desk.laid.cases[name])
        cases.extend(case, datetime.now(UTC) + timedelta(seconds=in_s))
        work.commit()


def focused(page: Page) -> str:
    """Return the value, or the id, of what has the focus."""
    return str(
        page.evaluate("document.activeElement.value || document.activeElement.id")
    )


def test_a_case_is_decided_by_keyboard_alone(desk: Desk) -> None:
    """Next, show, outcome, clause, reason, Enter: then the next case, and undo."""
    tab = desk.sign_in("ban-phim")
    first = desk.free("scam")
    tab.press("n")
    tab.page.wait_for_url(f"**{first}")
    post = tab.page.locator(".veiled")
    expect(post).to_have_css("filter", re.compile("blur"))

    tab.press("s")
    expect(post).to_have_css("filter", "none")
    tab.press("1")
    assert focused(tab.page) == "scam.fraud"
    tab.press("Space", "Enter")
    assert focused(tab.page) == "clear_violation"
    tab.press("Space", "Enter")
    tab.page.wait_for_url(re.compile("done=dec_"))
    next_case = tab.page.url
    expect(tab.page.get_by_text("Đã ghi: Gỡ bài.")).to_be_visible()
    assert outcomes(desk, "scam")[-1] == "takedown"
    tab.press("u")
    tab.page.wait_for_url(f"**{first}?said=undone")
    expect(tab.page.locator("#decide")).to_be_visible()
    assert outcomes(desk, "scam")[-2:] == ["takedown", "reverse"]
    tab.press("r")
    tab.page.wait_for_url("**/console?said=released")

    assert first not in next_case
    assert tab.complaints == []


def test_one_key_is_enough_where_there_is_one_reason(desk: Desk) -> None:
    """An opinion is one key and Enter."""
    tab = desk.sign_in("mot-phim")
    desk.take(tab, "criticism")

    tab.press("6", "Enter")
    tab.page.wait_for_url(re.compile("done=dec_"))
    assert outcomes(desk, "criticism")[-1] == "opinion"
    tab.press("u")
    tab.page.wait_for_url(re.compile("said=undone"))

    assert tab.complaints == []


def test_without_javascript(desk: Desk) -> None:
    """Covering, showing, choosing, errors and deciding need no script."""
    tab = desk.sign_in("khong-js", javascript=False)
    page = desk.take(tab, "insult")
    expect(page.locator(".veiled")).to_have_css("filter", re.compile("blur"))
    page.get_by_label("Hiện bài").check()
    expect(page.locator(".veiled")).to_have_css("filter", "none")
    expect(page.locator("#clause")).to_be_hidden()

    page.locator("#outcome-reduce").check()
    expect(page.locator("#clause")).to_be_visible()
    page.locator("#send").click()
    expect(page.locator("#errors")).to_be_focused()
    page.get_by_label("Lặp lại nhiều lần").check()
    page.get_by_label("Xúc phạm, quấy rối người khác").check()
    page.locator("#send").click()

    expect(page.get_by_text("Đã ghi: Giảm lan truyền.")).to_be_visible()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã hoàn tác")).to_be_visible()
    assert tab.complaints == []


def test_keys_rest_while_one_types(desk: Desk) -> None:
    """A key in a field is a letter; keys can be switched off, and that is kept."""
    tab = desk.sign_in("go-chu")
    page = desk.take(tab, "advert")
    tab.press("c")
    page.keyboard.type("nsurk 1?")
    expect(page.locator("#comment")).to_have_value("nsurk 1?")
    tab.press("Escape", "?")
    expect(page.get_by_role("dialog")).to_be_visible()

    page.get_by_label("Dùng phím tắt").uncheck()
    tab.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    tab.press("5", "?")
    page.reload()
    tab.press("s", "5")

    expect(page.locator("#outcome-benign")).not_to_be_checked()
    expect(page.locator("#show")).not_to_be_checked()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert tab.complaints == []


def test_the_clock_warns_and_can_be_set_forward(desk: Desk) -> None:
    """In the last minute the page warns; more time can be had by one key."""
    tab = desk.sign_in("dong-ho")
    page = desk.take(tab, "advert")
    left = page.locator("#left")
    expect(left).to_have_text(re.compile(r"còn (10:00|9:\d\d)"))
    let_end(desk, "advert", 40)
    page.reload()
    expect(page.locator("#soon")).to_be_visible()
    expect(left).to_have_text(re.compile(r"còn 0:\d\d"))

    tab.press("t")

    expect(left).to_have_text(re.compile(r"còn (10:00|9:\d\d)"))
    expect(page.locator("#soon")).to_be_hidden()
    assert tab.complaints == []


def test_a_lost_case_says_so(desk: Desk) -> None:
    """When the time is over the page says it aloud, and nothing can be sent any more."""
    tab = desk.sign_in("mat-ho-so")
    page = desk.take(tab, "advert")
    let_end(desk, "advert", 2)
    page.reload()

    expect(page.locator("#lost")).to_be_visible()
    expect(page.locator("#lost")).to_contain_text("Bạn không còn giữ hồ sơ này.")
    expect(page.locator("#send")).to_be_disabled()
    assert page.locator("#timer-says").get_attribute("role") == "alert"
    page.locator("#lost a").click()
    expect(page.get_by_role("button", name="Nhận hồ sơ này")).to_be_visible()
    assert tab.complaints == []


def test_time_goes_on_while_somebody_works(desk: Desk) -> None:
    """A case whose reviewer moves about is kept without a word, minute for minute."""
    tab = desk.sign_in("lam-viec")
    page = tab.page
    page.clock.install(time=datetime.now(UTC))
    desk.take(tab, "advert")
    expect(page.locator("#left")).to_have_text(re.compile(r"còn (10:00|9:\d\d)"))

    for _ in range(3):
        page.mouse.move(200, 200)
        page.mouse.move(300, 300)
        page.clock.run_for(31_000)
    with page.expect_response("**/renew") as renewed:
        page.mouse.move(100, 100)
        page.clock.run_for(31_000)

    assert renewed.value.status == 200
    assert tab.complaints == []


def test_a_lead_answers_an_appeal(desk: Desk) -> None:
    """From the list to the answer, with what takes the decision's place."""
    tab = desk.sign_in("phu-trach", Role.LEAD)
    page = tab.go(f"/console/appeals/{desk.laid.appeals[13]}")
    expect(page.locator("#outcome-opinion")).to_be_hidden()

    page.get_by_label("Đảo lại quyết định").check()
    page.locator("#outcome-opinion").check()
    page.get_by_label("Câu trả lời gửi người khiếu nại").fill("Bạn nói đúng.")
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_text("Đã trả lời khiếu nại.")).to_be_visible()
    page.get_by_role("link", name="Đã đảo lại").click()

    expect(page.locator("tbody a")).to_have_count(2)
    assert tab.complaints == []


def test_the_page_of_a_lead(desk: Desk) -> None:
    """Load, ages, agreement and reversals are drawn, and their tables can be opened."""
    tab = desk.sign_in("bieu-do", Role.LEAD)
    page = tab.go("/console/lead")

    widths = [x.bounding_box() for x in page.locator("#load ~ figure .mark").all()]
    page.get_by_text("Xem dạng bảng").first.click()

    expect(page.locator("figure table").first).to_be_visible()
    assert any(x is not None and x["width"] > 100 for x in widths)
    assert page.locator("figure.plot").count() == 6
    assert tab.complaints == []

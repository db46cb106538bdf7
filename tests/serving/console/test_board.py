"""The page of the queues."""

from bs4 import BeautifulSoup

from tests.serving.console.conftest import Desk


def figures(soup: BeautifulSoup) -> dict[str, list[str]]:
    """Return what the table says of each queue."""
    return {
        row.th.text: [x.text.strip() for x in row.select("td.number")]
        for row in soup.select("tbody tr")
        if row.th is not None
    }


def test_the_queues_with_what_waits(desk: Desk) -> None:
    """Each queue says how many wait, how many are late, and how old the oldest is."""
    soup = desk.visit("xem").page("/console")

    found = figures(soup)
    assert list(found) == [
        "Khẩn cấp",
        "Lừa đảo và rác",
        "Xúc phạm và thù ghét",
        "Tin cần kiểm chứng",
        "Khác",
    ]
    assert found["Tin cần kiểm chứng"] == ["1", "1", "1 ngày 6 giờ"]
    assert found["Khác"] == ["0", "0", "–"]


def test_only_queues_of_ones_own(desk: Desk) -> None:
    """Who works in one queue sees and takes no other."""
    visitor = desk.visit("mot-hang", queues=["unreliable"])
    soup = visitor.page("/console")

    r = visitor.post("/console/next", visitor.token(soup) | {"queue": "urgent"})

    assert list(figures(soup)) == ["Tin cần kiểm chứng"]
    assert r.status_code == 404


def test_what_one_holds_is_there(desk: Desk) -> None:
    """A case that one has can be found again, and next gives the same."""
    visitor = desk.visit("giu", queues=["unreliable"])
    data = visitor.token(visitor.page("/console"))
    first = visitor.post("/console/next", data).headers["location"]
    again = visitor.post("/console/next", data).headers["location"]

    board = visitor.page("/console")

    assert first == again == f"/console/cases/{desk.laid.cases['rumour']}"
    assert board.select(f'a[href="{first}"]') != []
    assert "Bạn đã xem 1 bài." in board.text
    said = visitor.submit(visitor.page(first), "/release")
    assert "Đã trả hồ sơ về hàng chờ." in said.text


def test_a_spent_budget_ends_the_day(desk: Desk) -> None:
    """Who wanted to see one post today is given no second one, and told why."""
    visitor = desk.visit("du", queues=["unreliable"])
    settings = visitor.page("/console/settings")
    saved = visitor.submit(settings, "/console/settings", budget="1")
    page = desk.take(visitor, "rumour")
    visitor.submit(page, "/release")

    board = visitor.page("/console")
    r = visitor.post("/console/next", visitor.token(board))

    assert "Đã lưu cài đặt." in saved.text
    assert "Bạn đã xem 1 trên 1 bài" in board.text
    assert r.headers["location"] == "/console"
    assert "Hãy nghỉ" in visitor.page("/console").text


def test_a_bad_budget_is_said(desk: Desk) -> None:
    """A budget that is no number is refused on the page."""
    visitor = desk.visit("sai-muc")
    settings = visitor.page("/console/settings")

    soup = visitor.submit(settings, "/console/settings", budget="-3")

    (alert,) = soup.select('[role="alert"]')
    assert "từ 0 đến 1000" in alert.text
    assert visitor.sent[-1].status_code == 422

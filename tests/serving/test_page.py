"""The page at /."""

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from kiemtin.labels import Label
from serving.console.examples import EXAMPLES


def page(client: TestClient, url: str = "/", **form: str) -> BeautifulSoup:
    """Return the page, asked for with a form if there is one."""
    r = client.post(url, data=form) if form else client.get(url)
    assert r.headers["content-type"] == "text/html; charset=utf-8"
    return BeautifulSoup(r.text, "html.parser")


def marks(soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Yield the marked words of the post, each with its first label."""
    for mark in soup.select(".post mark"):
        yield mark.text, str(mark["class"][0])


def test_the_page_is_vietnamese_first(client: TestClient) -> None:
    """The page says its language, and offers English."""
    soup = page(client)

    assert soup.html is not None
    assert soup.html["lang"] == "vi"
    assert soup.select_one('a[hreflang="en"]') is not None
    assert "con người quyết định" in soup.text


def test_the_page_in_english(client: TestClient) -> None:
    """English stays English from the form to the result."""
    soup = page(client, "/?lang=en", text="đồ ngu")

    assert soup.html is not None
    assert soup.html["lang"] == "en"
    assert "A moderator should look" in soup.text
    assert {form["action"] for form in soup("form")} == {"?lang=en"}


def test_an_odd_language_is_vietnamese(client: TestClient) -> None:
    """A language that we do not have is no error."""
    assert "Bài đăng cần xem" in page(client, "/?lang=%22x").text


def test_a_result_has_five_bars(client: TestClient) -> None:
    """Each label has a bar as wide as its probability, a tick, and a flag if it is one."""
    soup = page(client, text="đồ ngu")

    bars = soup.select(".bars li")
    widths = [float(str(b.select_one(".fill")["width"])) for b in bars]  # type: ignore[index]
    assert [str(b["class"][0]) for b in bars] == list(Label)
    assert widths == [1.8, 98.2, 1.8, 1.8, 1.8]
    assert all(b.select_one('line.tick[x1="50.0"]') for b in bars)
    assert [bool(b.select_one(".flag")) for b in bars] == [False, True] + [False] * 3
    assert "98,2 %" in bars[1].text


def test_words_that_moved_a_score_are_marked(client: TestClient) -> None:
    """The words of the original text are marked, with the label that they moved."""
    soup = page(client, text="đồ  ngu, nhập  OTP đi")

    assert list(marks(soup)) == [("OTP", "scam")] or "OTP" in dict(marks(soup))
    post = soup.select_one(".post")
    assert post is not None
    assert post.text == "đồ  ngu, nhập  OTP đi"


def test_a_word_may_move_two_labels(client: TestClient) -> None:
    """One word that moved two labels is marked once and listed under both."""
    soup = page(client, text="phải diệt hết")

    (mark,) = soup.select(".post mark")
    assert mark.text == "diệt"
    assert mark["title"] == "Xúc phạm, Thù ghét"
    assert [x.text for x in soup.select(".reasons dt")] == ["Xúc phạm", "Thù ghét"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> ngu",
        '"></textarea><img src=x onerror=alert(1)> ngu',
        "{{ 7 * 7 }} &amp; ngu",
    ],
)
def test_a_text_is_only_text(client: TestClient, text: str) -> None:
    """Whatever a post says, it is shown as it was written, never as a page."""
    soup = page(client, text=text)

    post, area = soup.select_one(".post"), soup.select_one("textarea")
    assert soup("script") == []
    assert soup.select('img:not([src="static/icon.svg"])') == []
    assert post is not None
    assert post.text == text
    assert area is not None
    assert area.text.removeprefix("\n") == text


def test_line_ends_are_kept(client: TestClient) -> None:
    """A first empty line survives the way through the form and back."""
    soup = page(client, text="\r\nmột\r\nhai")

    post, area = soup.select_one(".post"), soup.select_one("textarea")
    assert post is not None
    assert post.text == "\nmột\nhai"
    assert area is not None
    assert area.text == "\n\nmột\nhai"


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("", 422, "Chưa có chữ nào"),
        ("\u200b", 422, "Chưa có chữ nào"),
        ("a" * 65_537, 413, "65537 ký tự"),
    ],
    ids=["empty", "invisible", "long"],
)
def test_an_error_is_shown_with_the_text(
    client: TestClient, text: str, status: int, said: str
) -> None:
    """What is wrong is said on the page, and the text is not lost."""
    r = client.post("/", data={"text": text})

    soup = BeautifulSoup(r.text, "html.parser")
    alert, area = soup.select_one('[role="alert"]'), soup.select_one("textarea")
    assert r.status_code == status
    assert alert is not None
    assert said in alert.text
    assert area is not None
    assert area.text.removeprefix("\n") == text
    assert soup.select(".verdict") == []


def test_abstention_is_said_clearly(client: TestClient) -> None:
    """A text in another language gets no verdict, and the page says so first."""
    english = "The quick brown foxes jumped over lazy hounds yesterday evening"

    soup = page(client, text=english)

    heading = soup.select_one("h1")
    assert heading is not None
    assert heading.text == "Máy không kết luận"
    assert len(soup.select(".bars .abstained")) == 5


@pytest.mark.parametrize(
    ("lang", "headline", "said"),
    [
        ("vi", "Không cần người kiểm duyệt", "chưa chắc, không kết luận (ngưỡng 99 %)"),
        ("en", "No moderator needed", "not sure, no conclusion (threshold 99%)"),
    ],
)
def test_uncertainty_is_said_at_the_label(
    unsure_client: TestClient, lang: str, headline: str, said: str
) -> None:
    """A score near its threshold says so, and the page does not call the post clean."""
    soup = page(unsure_client, f"/?lang={lang}", text="đồ ngu")

    heading, bar = soup.select_one("h1"), soup.select_one(".bars .abusive .threshold")
    assert heading is not None
    assert heading.text == headline
    assert bar is not None
    assert bar.text == said
    assert soup.select(".bars .abstained, .bars .flagged") == []
    (sentence,) = soup.select(".headline p")
    assert {"vi": "gần ngưỡng", "en": "near enough"}[lang] in sentence.text


def test_a_long_post_says_how_it_was_read(client: TestClient) -> None:
    """Windows, what was left out, and what was cleaned are said in words."""
    soup = page(client, text="xin  chào " * 100)

    (state,) = soup.select(".state")
    assert "6 đoạn" in state.text
    assert "chưa được đọc" in state.text
    assert "gộp khoảng trắng" in state.text


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_examples_can_be_tried(client: TestClient, example: tuple[str, ...]) -> None:
    """Every example has a button, and pressing it gives a result."""
    names = [str(b["value"]) for b in page(client).select(".chips button")]

    soup = page(client, example=example[0])

    assert example[0] in names
    assert len(soup.select(".bars li")) == 5
    assert example[3] in soup.text


def test_the_page_names_model_and_policy(client: TestClient) -> None:
    """A result on a screenshot can be traced to what gave it."""
    digest = client.get("/ready").json()["model"]["digest"].removeprefix("sha256:")

    (footer,) = page(client)("footer")

    assert digest[:12] in footer.text
    assert "bundled-" in footer.text


def test_inputs_have_labels(client: TestClient) -> None:
    """Who cannot see the page is told what to write where."""
    soup = page(client)

    assert all(soup.select(f'label[for="{x["id"]}"]') for x in soup("textarea"))
    assert all(b.text.strip() for b in soup("button"))
    assert soup.select("[style], style, script, [onclick]") == []


def test_a_body_that_is_no_form(client: TestClient) -> None:
    """Something else than a form is refused on the page or as a problem, without a trace."""
    r = client.post(
        "/",
        content=b"--x\r\nbad",
        headers={"content-type": "multipart/form-data; boundary=x"},
    )

    assert r.status_code in {400, 422}

"""POST /v1alpha1/comments:analyze, with Google's own client and without."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from kiemtin.labels import Label
from kiemtin.schemas import ReasonOut
from serving.doors.perspective.attributes import ATTRIBUTES
from serving.doors.perspective.spans import utf16_offset

ENGLISH = "The quick brown foxes jumped over lazy hounds yesterday evening"
ANALYZE = "/v1alpha1/comments:analyze"


def analyze(client: TestClient, text: str, *names: str, **body: object) -> Any:
    """Return the answer about *text*; what *body* says goes along."""
    asked = {"comment": {"text": text}, "requestedAttributes": {x: {} for x in names}}
    return client.post(ANALYZE, json=asked | body)


def test_a_comment(comments: Any) -> None:
    """A comment gets a probability for each attribute, and one span, all of it."""
    body = {
        "comment": {"text": "đồ ngu"},
        "requestedAttributes": {"TOXICITY": {}, "IDENTITY_ATTACK": {}},
        "languages": ["vi"],
        "doNotStore": True,
        "clientToken": "abc",
        "sessionId": "1",
        "communityId": "c",
    }

    reply = comments.analyze(body=body).execute()

    toxicity = reply["attributeScores"]["TOXICITY"]
    assert set(reply["attributeScores"]) == {"TOXICITY", "IDENTITY_ATTACK"}
    assert toxicity["summaryScore"]["type"] == "PROBABILITY"
    assert toxicity["summaryScore"]["value"] > 0.9
    assert toxicity["spanScores"] == [
        {"begin": 0, "end": 6, "score": toxicity["summaryScore"]}
    ]
    assert reply["languages"] == reply["detectedLanguages"] == ["vi"]
    assert reply["clientToken"] == "abc"


def test_suggestions_are_not_taken(comments: Any) -> None:
    """What would be stored for training is not offered."""
    assert not hasattr(comments, "suggestscore")


def test_our_labels_are_attributes(client: TestClient) -> None:
    """What no attribute of theirs says is found under a name of ours."""
    names = [x for x in ATTRIBUTES if x.startswith("KIEMTIN_")]

    scores = analyze(client, "otp", *names).json()["attributeScores"]

    assert len(names) == len(Label)
    high = [x for x, s in scores.items() if s["summaryScore"]["value"] > 0.9]
    assert high == ["KIEMTIN_SCAM"]


def test_spans_are_reasons(client: TestClient) -> None:
    """A span for each reason, in UTF-16 code units as Perspective counts them."""
    text = "🙂 đồ ngu 🙂 ngu"

    reply = analyze(client, text, "TOXICITY", "SPAM", spanAnnotations=True).json()

    scores = reply["attributeScores"]
    units = text.encode("utf-16-le")
    words = [
        units[2 * s["begin"] : 2 * s["end"]].decode("utf-16-le")
        for s in scores["TOXICITY"]["spanScores"]
    ]
    assert words == ["ngu", "ngu"]
    assert {s["score"]["type"] for s in scores["TOXICITY"]["spanScores"]} == {"RAW"}
    assert scores["TOXICITY"]["spanScores"][0]["score"]["value"] > 0.9
    (whole,) = scores["SPAM"]["spanScores"]
    assert (whole["begin"], whole["end"]) == (0, len(units) // 2)
    assert whole["score"] == scores["SPAM"]["summaryScore"]


def test_offsets_count_code_units() -> None:
    """A character beyond the first plane counts twice, as in JavaScript and Java."""
    reason = ReasonOut(label=Label.SPAM, start=2, end=3, text="x", weight=0.5)

    assert utf16_offset("a🙂x", reason.start) == 3
    assert utf16_offset("đồx", reason.start) == 2


def test_a_threshold_leaves_out(client: TestClient) -> None:
    """An attribute below its own threshold is left out; at it, it is not."""
    value = analyze(client, "đồ ngu", "TOXICITY").json()["attributeScores"]["TOXICITY"][
        "summaryScore"
    ]["value"]
    body = {
        "comment": {"text": "đồ ngu"},
        "requestedAttributes": {
            "TOXICITY": {"scoreThreshold": value, "scoreType": "PROBABILITY"},
            "SPAM": {"scoreThreshold": 0.5},
        },
    }

    reply = client.post(ANALYZE, json=body).json()

    assert list(reply["attributeScores"]) == ["TOXICITY"]


def test_both_spellings(client: TestClient) -> None:
    """Names with underscores are read as well, as Google's JSON does."""
    body = {"comment": {"text": "đồ ngu"}, "requested_attributes": {"TOXICITY": {}}}

    assert client.post(ANALYZE, json=body).json()["attributeScores"]["TOXICITY"]


def test_what_is_not_measured_can_be_dropped(client: TestClient) -> None:
    """Who says so gets the rest, like those who ask Perspective for other languages."""
    reply = analyze(
        client, "đồ ngu", "TOXICITY", "THREAT", dropUnsupportedAttributes=True
    ).json()

    assert list(reply["attributeScores"]) == ["TOXICITY"]


@pytest.mark.parametrize(
    "languages", [["vi"], ["VI"], ["vi-VN"], ["vi-Latn-VN"], ["vi", "vi-VN"]], ids=str
)
def test_vietnamese_is_read(client: TestClient, languages: list[str]) -> None:
    """Vietnamese is read under any of its tags, and they come back."""
    reply = analyze(client, "đồ ngu", "TOXICITY", languages=languages).json()

    assert reply["languages"] == languages
    assert "TOXICITY" in reply["attributeScores"]


def test_who_says_vietnamese_is_believed(client: TestClient) -> None:
    """A language in the request goes before what we see, and we say what we see."""
    reply = analyze(client, ENGLISH, "TOXICITY", languages=["vi"]).json()

    assert "TOXICITY" in reply["attributeScores"]
    assert (reply["languages"], reply["detectedLanguages"]) == (["vi"], ["und"])


@pytest.mark.parametrize("languages", [["en"], []], ids=str)
def test_another_language_can_be_dropped(
    client: TestClient, languages: list[str]
) -> None:
    """Who drops what is not supported gets no score at all of a foreign text."""
    reply = analyze(
        client,
        ENGLISH,
        "TOXICITY",
        languages=languages,
        dropUnsupportedAttributes=True,
    ).json()

    assert reply["attributeScores"] == {}
    assert reply["detectedLanguages"] == ["und"]


def test_context_changes_nothing(client: TestClient) -> None:
    """What stood around a comment is taken and not scored."""
    context = {"entries": [{"text": "ngu"}]}

    alone = analyze(client, "xin chào", "TOXICITY").json()

    assert analyze(client, "xin chào", "TOXICITY", context=context).json() == alone

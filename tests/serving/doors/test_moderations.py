"""POST /v1/moderations, with OpenAI's own client and without."""

import json
from collections.abc import Iterator

import openai
import pytest
from fastapi.testclient import TestClient
from openai.types import ModerationMultiModalInputParam as Part
from openai.types.moderation import Categories, CategoryAppliedInputTypes

from kiemtin.labels import Label
from serving.doors.moderations.categories import MEASURED, NOT_MEASURED

PRIVATE = "bí mật"
ENGLISH = "The quick brown foxes jumped over lazy hounds yesterday evening"


@pytest.fixture(scope="module")
def ai(service: str) -> Iterator[openai.OpenAI]:
    """OpenAI's client, with another address and nothing else changed."""
    with openai.OpenAI(
        base_url=f"{service}/v1", api_key="kt_any", max_retries=0
    ) as client:
        yield client


def test_a_text(ai: openai.OpenAI) -> None:
    """A text comes back with categories that the typed client knows."""
    reply = ai.moderations.create(model="omni-moderation-latest", input="đồ ngu")

    (result,) = reply.results
    assert reply.id.startswith("modr-")
    assert reply.model.startswith("kiemtin-tiny-")
    assert result.flagged
    assert result.categories.harassment
    assert result.category_scores.harassment > 0.9
    assert not result.categories.hate
    assert result.category_applied_input_types.harassment == ["text"]


def test_our_labels_stand_beside_theirs(ai: openai.OpenAI) -> None:
    """What no category of theirs says is found under the name of our label."""
    (result,) = ai.moderations.create(input="nhập otp").results

    assert result.categories.model_extra is not None
    assert result.categories.model_extra["scam"] is True
    assert result.category_scores.model_extra is not None
    assert result.category_scores.model_extra["scam"] > 0.9
    assert result.model_extra is not None
    assert result.model_extra["recommendation"] == "review"
    assert result.flagged
    assert not result.categories.harassment


def test_hate_is_hate(ai: openai.OpenAI) -> None:
    """What attacks people for what they are is hate, and harassment as a whole of it."""
    (result,) = ai.moderations.create(input="diệt").results

    assert result.categories.hate
    assert result.categories.harassment


def test_what_is_not_measured_is_not_guessed(ai: openai.OpenAI) -> None:
    """A category of which we know nothing is false, 0, and applied to no input."""
    (result,) = ai.moderations.create(input="đồ ngu diệt otp").results

    assert not result.categories.hate_threatening
    assert result.category_scores.violence_graphic == 0
    assert result.category_applied_input_types.self_harm == []
    assert result.category_applied_input_types.sexual_minors == []


def test_every_category_of_theirs_is_there() -> None:
    """A category that OpenAI adds is noticed here."""
    theirs = {x.alias or name for name, x in Categories.model_fields.items()}

    assert theirs | set(Label) == {*MEASURED, *NOT_MEASURED}
    assert len(CategoryAppliedInputTypes.model_fields) == len(theirs)


def test_texts(ai: openai.OpenAI) -> None:
    """Each text of a list has its result, in order, however many there are."""
    texts = ["xin chào", "đồ ngu"] * 10

    results = ai.moderations.create(input=texts).results

    assert [x.flagged for x in results] == [False, True] * 10


def test_parts_are_one_message(ai: openai.OpenAI) -> None:
    """The parts of a message are read together, and get one result."""
    parts: list[Part] = [
        {"type": "text", "text": "xin chào"},
        {"type": "text", "text": "đồ ngu"},
    ]

    (result,) = ai.moderations.create(input=parts).results

    assert result.categories.harassment


def test_an_image_is_refused(ai: openai.OpenAI) -> None:
    """A picture is not passed over as if it had been looked at."""
    parts: list[Part] = [
        {"type": "text", "text": "xin chào"},
        {"type": "image_url", "image_url": {"url": "https://a.invalid/b.png"}},
    ]

    with pytest.raises(openai.BadRequestError, match="image") as e:
        ai.moderations.create(input=parts)

    assert e.value.code == "invalid_field"
    assert e.value.param == "input[1]"
    assert e.value.type == "invalid_request_error"


def test_another_language_is_not_judged(ai: openai.OpenAI) -> None:
    """A text that we cannot read is flagged for nothing, and the reply says why."""
    (result,) = ai.moderations.create(input=ENGLISH).results

    assert not result.flagged
    assert result.model_extra is not None
    assert result.model_extra["abstain"] == dict.fromkeys(Label, "not_vietnamese")


@pytest.mark.parametrize(
    ("given", "code", "param"),
    [
        ("", "empty_text", "input"),
        (["xin chào", " "], "empty_text", "input[1]"),
        ([], "empty_batch", "input"),
        (["a"] * 257, "too_many_items", "input"),
        ([PRIVATE * 20_000], "text_too_long", "input"),
        ([PRIVATE, PRIVATE * 20_000], "text_too_long", "input[1]"),
        ([PRIVATE, {"type": "text", "text": PRIVATE}], "invalid_field", "input[1]"),
        ([1], "invalid_field", "input[0]"),
        (5, "invalid_field", "input"),
        (None, "invalid_field", "input"),
        ({"type": "text", "text": PRIVATE}, "invalid_field", "input"),
        ([{"type": "text"}], "invalid_field", "input[0]"),
        ([{"type": "text", "text": 5}], "invalid_field", "input[0].text"),
        ([{"type": "audio", "text": PRIVATE}], "invalid_field", "input[0]"),
        ([{"type": "text", "text": "a", "x": PRIVATE}], "invalid_field", "input[0]"),
        ("a\ud800", "invalid_unicode", "input"),
    ],
    ids=lambda x: str(x)[:16].encode("unicode_escape").decode(),
)
def test_bad_input(client: TestClient, given: object, code: str, param: str) -> None:
    """What cannot be scored is a 400 that names the place, and never the text."""
    body = json.dumps({"input": given})

    r = client.post(
        "/v1/moderations", content=body, headers={"content-type": "application/json"}
    )

    assert r.status_code == 400
    assert r.headers["content-type"] == "application/json"
    error = r.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["code"], error["param"]) == (code, param)
    assert PRIVATE not in r.text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "malformed_json"),
        (b"[]", "malformed_item"),
        (b"{}", "invalid_field"),
        (b'{"input": "a", "user": "me"}', "unknown_field"),
        (b'{"input": "a", "model": 5}', "invalid_field"),
        (b'{"input": "\xff"}', "invalid_unicode"),
    ],
)
def test_a_body_that_cannot_be_read(client: TestClient, body: bytes, code: str) -> None:
    """A body that is not what the door reads is refused in the door's shape."""
    headers = {"content-type": "application/json"}

    r = client.post("/v1/moderations", content=body, headers=headers)

    assert (r.status_code, r.json()["error"]["code"]) == (400, code)


def test_another_content_type(client: TestClient) -> None:
    """What does not say that it is JSON is a mistake of the caller like others."""
    r = client.post("/v1/moderations", content=b"x", headers={"content-type": "a/b"})

    assert (r.status_code, r.json()["error"]["code"]) == (400, "unsupported_media_type")

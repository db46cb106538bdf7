"""The document by which Google's clients find the method."""

from fastapi.testclient import TestClient
from pydantic import BaseModel

from serving.doors.perspective.attributes import ATTRIBUTES
from serving.doors.perspective.discovery import discovery_document
from serving.schemas import perspective


def test_another_version_is_not_described(client: TestClient) -> None:
    """There is one version of the method."""
    r = client.get("/$discovery/rest?version=v1")

    assert (r.status_code, r.json()["error"]["status"]) == (404, "NOT_FOUND")


SHAPES: dict[str, type[BaseModel]] = {
    "AnalyzeCommentRequest": perspective.AnalyzeCommentIn,
    "AnalyzeCommentResponse": perspective.AnalyzeCommentOut,
    "AttributeParameters": perspective.AttributeIn,
    "AttributeScores": perspective.AttributeScoresOut,
    "SpanScore": perspective.SpanScoreOut,
    "Score": perspective.AttributeScoreOut,
    "TextEntry": perspective.TextEntryIn,
    "Context": perspective.CommentContextIn,
    "ArticleAndParentComment": perspective.ArticleAndParentCommentIn,
}


def test_the_document_describes_what_is_there() -> None:
    """The document's shapes have the fields of ours, and name all attributes."""
    schemas = discovery_document("http://localhost/")["schemas"]

    fields = {
        name: {x.alias for x in shape.model_fields.values()}
        for name, shape in SHAPES.items()
    }
    assert {name: set(x["properties"]) for name, x in schemas.items()} == fields
    requested = schemas["AnalyzeCommentRequest"]["properties"]["requestedAttributes"]
    assert requested["description"] == ", ".join(ATTRIBUTES) + "."

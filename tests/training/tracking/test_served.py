"""What MLflow loads scores as the service does."""

import json
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd  # type: ignore[import-untyped]  # it ships no types
import pytest

from kiemtin.labels import Label
from kiemtin.schemas import Item
from kiemtin.scoring import Scorer
from training.tracking.runs import tracked_run
from training.tracking.store import global_store

# MLflow and its database layer warn of themselves.
pytestmark = pytest.mark.filterwarnings("default")

TEXTS = ["xin chào", "đồ ngu", "diệt hết", "gửi otp ngay", "sale sale"]


@pytest.fixture
def loaded(store: str, bundle: Path) -> Any:
    """The tiny bundle, registered and loaded by its alias."""
    with tracked_run("a", store=store) as tracker:
        tracker.bundle(bundle, TEXTS)
    with global_store(store):
        return mlflow.pyfunc.load_model("models:/kiemtin@challenger")


def test_model_scores_as_the_bundle(loaded: Any, bundle: Path) -> None:
    """Scores, flags and recommendations are the scorer's own."""
    scorer = Scorer.load(bundle)

    found = loaded.predict(pd.DataFrame({"text": TEXTS}))

    for text, row in zip(TEXTS, found, strict=True):
        wanted = scorer.score(Item("", text))
        assert row["scores"] == {str(x): wanted.scores[x] for x in Label}
        assert row["flagged"] == {str(x): wanted.flagged[x] for x in Label}
        assert row["recommendation"] == wanted.recommendation


def test_text_that_cannot_be_scored_disturbs_no_other(
    loaded: Any,
) -> None:
    """An empty text gets the code of its error where the others get scores."""
    bad, good = loaded.predict(pd.DataFrame({"text": ["", "đồ ngu"]}))

    assert (bad["scores"], bad["error"]) == (None, "empty_text")
    assert good["flagged"]["abusive"]
    assert good["error"] is None


def test_answer_can_be_sent(loaded: Any) -> None:
    """Records go in and JSON comes out, as MLflow's own server needs it."""
    found = loaded.predict([{"text": "đồ ngu"}])

    assert json.loads(json.dumps(found))[0]["recommendation"] == "review"


def test_signature_and_needs_are_stated(loaded: Any, tmp_path: Path) -> None:
    """The model says what goes in, what comes out, and what to install: no torch."""
    about = loaded.metadata

    assert about.signature.inputs.input_names() == ["text"]
    assert {"scores", "flagged", "recommendation"} <= set(
        about.signature.outputs.input_names()
    )
    (kept,) = (tmp_path / "artifacts").rglob("requirements.txt")
    lines = kept.read_text().splitlines()
    names = {line.partition("==")[0] for line in lines}
    assert {"kiemtin", "onnxruntime", "tokenizers", "mlflow"} <= names
    assert names.isdisjoint({"torch", "transformers"})
    assert all("==" in line for line in lines)

"""
A bundle as an MLflow model, for whoever loads models through MLflow.

MLflow keeps this file with the model and runs it where the model is loaded, with
kiemtin's base install and without ``training``.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]  # it ships no types
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from kiemtin.errors import InputError
from kiemtin.schemas import Item, ScoreOut
from kiemtin.scoring import Scorer


class ServedBundle(PythonModel):
    """Scores the column ``text`` by the bundle that lies among the artifacts."""

    def load_context(self, context: PythonModelContext) -> None:
        """
        Load the bundle.

        Raises:
            BundleError: If it is not whole, or made for other code.
        """
        self.scorer = Scorer.load(Path(context.artifacts["bundle"]))

    def predict(
        self,
        context: PythonModelContext,
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,
    ) -> list[dict[str, Any]]:
        """Return, for each text, its scores and flags and what is recommended."""
        texts: Sequence[str] = model_input["text"].tolist()
        items = [Item(str(i), text) for i, text in enumerate(texts)]
        return [_row(result) for result in self.scorer.score_batch(items)]


def _row(result: ScoreOut | InputError) -> dict[str, Any]:
    if isinstance(result, InputError):
        return {
            "scores": None,
            "flagged": None,
            "abstain": None,
            "recommendation": None,
            "error": result.code,
        }
    said = result.model_dump(mode="json", include={"scores", "flagged", "abstain"})
    return {**said, "recommendation": str(result.recommendation), "error": None}


set_model(ServedBundle())

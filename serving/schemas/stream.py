"""The lines of the answer to a stream."""

from typing import Literal

from kiemtin.schemas import ErrorOut, ModelOut
from serving.schemas.score import SummaryOut
from serving.schemas.wire import Wire


class ModelLineOut(Wire):
    """The first line, and again should the model be replaced meanwhile."""

    status: Literal["model"]
    index: int
    """From which line of the request on this model scores."""
    model: ModelOut
    policy_version: str


class EndLineOut(Wire):
    """The last line: a stream without it was cut off."""

    status: Literal["end"]
    summary: SummaryOut
    error: ErrorOut | None
    """Why the request was not read to its end; null if it was."""

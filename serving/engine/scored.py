"""What the engine answers."""

from dataclasses import dataclass
from typing import Self

from kiemtin.errors import InputError
from kiemtin.schemas import ScoreOut
from serving.engine.model import Model


@dataclass(frozen=True, slots=True)
class Reply:
    """A score object, as the JSON that a route can pass on without reading it."""

    json: bytes

    @classmethod
    def of(cls, score: ScoreOut) -> Self:
        """Return *score* as a reply."""
        return cls(score.model_dump_json().encode())

    def parse(self) -> ScoreOut:
        """Return the score object itself."""
        return ScoreOut.model_validate_json(self.json)


@dataclass(frozen=True, slots=True)
class Scored:
    """
    The answer to one call.

    Attributes:
        results: A reply for each item, in order, or why it could not be scored.
        model: Which model scored all of them; it may have been replaced since.
    """

    results: list[Reply | InputError]
    model: Model

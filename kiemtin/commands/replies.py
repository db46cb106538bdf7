"""What ``kiemtin score`` prints: JSON lines for programs, a table for people."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kiemtin.errors import InputError
from kiemtin.labels import Label, Recommendation
from kiemtin.policy import Policy
from kiemtin.schemas import ErrorOut, ScoreOut

_COLOURS = {
    Recommendation.NONE: "dim",
    Recommendation.REVIEW: "yellow",
    Recommendation.REVIEW_URGENT: "bold red",
}
_SHOWN_CHARS = 400
_SHOWN_REASONS = 4


Result = bytes | InputError
"""A score object in JSON, or why there is none."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one line."""

    id: str
    text: str
    result: Result

    def score(self) -> ScoreOut | None:
        """Return the score object, None if there is none."""
        if isinstance(self.result, InputError):
            return None
        return ScoreOut.model_validate_json(self.result)


class Writer(Protocol):
    """Prints replies, a batch at a time."""

    def write(self, replies: Sequence[Reply]) -> None:
        """Print *replies* after those before them."""


class JsonWriter:
    """A JSON object a line, in UTF-8 whatever the locale says."""

    def __init__(self, out: BinaryIO, beside: dict[str, object]) -> None:
        self._out = out
        members = json.dumps(beside, ensure_ascii=False, separators=(",", ":"))
        self._beside = b"," + members[1:-1].encode() if beside else b""

    def write(self, replies: Sequence[Reply]) -> None:
        """Print *replies* after those before them."""
        for reply in replies:
            self._out.write(self._line(reply))
        self._out.flush()

    def _line(self, reply: Reply) -> bytes:
        if isinstance(reply.result, bytes):
            return reply.result[:-1] + self._beside + b"}\n"
        error = ErrorOut(code=reply.result.code, detail=str(reply.result))
        line = {"id": reply.id, "error": error.model_dump()}
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        return text.encode() + b"\n"


class TableWriter:
    """A row a post. Widths do not depend on the rows, so that none must be kept."""

    def __init__(self, console: Console, policy: Policy, *, reasons: bool) -> None:
        self._console = console
        self._policy = policy
        self._reasons = reasons
        self._header = True

    def write(self, replies: Sequence[Reply]) -> None:
        """Print *replies* after those before them."""
        table = Table(box=None, expand=True, show_header=self._header, pad_edge=False)
        table.add_column("id", width=10, no_wrap=True)
        table.add_column("recommendation", width=14, no_wrap=True)
        table.add_column("flagged", width=17)
        if self._reasons:
            table.add_column("because of", width=20)
        table.add_column("text", ratio=1)
        for reply in replies:
            table.add_row(*self._row(reply))
        self._console.print(table)
        self._header = False

    def _row(self, reply: Reply) -> list[Text]:
        name = Text(visible(reply.id))
        text = Text(visible(reply.text), no_wrap=True, overflow="ellipsis")
        if isinstance(reply.result, InputError):
            code, said = Text(reply.result.code, "red"), Text(str(reply.result), "red")
            because = [Text()] if self._reasons else []
            return [name, Text("error", "bold red"), code, *because, said]
        score = ScoreOut.model_validate_json(reply.result)
        advice = Text(score.recommendation, _COLOURS[score.recommendation])
        because = [_heaviest(score)] if self._reasons else []
        return [name, advice, self._flagged(score), *because, text]

    def _flagged(self, score: ScoreOut) -> Text:
        if set(score.abstain) == set(score.scores):
            return Text(", ".join(sorted(set(score.abstain.values()))), "dim")
        flagged = [x for x in Label if score.flagged[x]]
        said = [self._probability(x, score.scores[x]) for x in flagged]
        near = [x for x in Label if x in score.abstain]
        said += [Text(f"{x}? {score.scores[x]:.2f}", "dim") for x in near]
        return Text("\n").join(said)

    def _probability(self, label: Label, score: float) -> Text:
        urgent = score >= self._policy.thresholds[label].review_urgent
        return Text(f"{label} {score:.2f}", "bold red" if urgent else "yellow")


def visible(text: str) -> str:
    """Return the start of *text* without what could command a terminal."""
    start = text[:_SHOWN_CHARS]
    return "".join(c if c.isprintable() else " " for c in start)


def _heaviest(score: ScoreOut) -> Text:
    reasons = [r for r in score.reasons if score.flagged[r.label]]
    reasons.sort(key=lambda r: -r.weight)
    words = list(dict.fromkeys(visible(r.text) for r in reasons))
    return Text(", ".join(words[:_SHOWN_REASONS]))

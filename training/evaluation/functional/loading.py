"""The cases of the functional tests, as ``cases/*.toml`` hold them."""

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    model_validator,
)

from kiemtin.labels import Label
from training.pool import text_key

Expectation = StrictBool | Literal["same", "higher"]
"""All labels are flagged, or none is; as their pairs; or all score above their pairs."""

MIN_CASES = 10
"""With fewer a capability says too little."""


def _written_plainly(text: str) -> str:
    if text != unicodedata.normalize("NFC", text).strip() or "\n" in text:
        msg = "not one line of NFC without spaces around it"
        raise ValueError(msg)
    return text


Text = Annotated[str, Field(min_length=1), AfterValidator(_written_plainly)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Case(_Part):
    """A text, and for some capabilities another that it is compared with."""

    id: str = Field(pattern=r"^[a-z]+(-[a-z]+)*-\d{2}$")
    text: Text
    pair: Text | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the text, and its pair if it has one."""
        return (self.text,) if self.pair is None else (self.text, self.pair)


class CapabilityTest(_Part):
    """
    What a model should be able to do, and the cases that try it.

    Attributes:
        name: Its family and its own, with a dot between them.
        says: The capability, in one sentence.
        because: Why a person would agree with what is expected.
        labels: Which the expectation is about.
        expect: Of each case.
        cases: At least ten.
    """

    name: str = Field(pattern=r"^[a-z]+\.[a-z_]+$")
    says: Text
    because: Text
    labels: tuple[Label, ...] = tuple(Label)
    expect: Expectation
    cases: tuple[Case, ...] = Field(min_length=MIN_CASES)

    @model_validator(mode="after")
    def _paired(self) -> Self:
        compared = not isinstance(self.expect, bool)
        odd = [c.id for c in self.cases if (c.pair is not None) != compared]
        odd += [c.id for c in self.cases if c.pair == c.text]
        if odd:
            msg = f"a pair is missing, idle or the text itself: {', '.join(odd)}"
            raise ValueError(msg)
        return self


def load_capabilities(folder: Traversable | None = None) -> list[CapabilityTest]:
    """
    Return all capabilities, in the order of their files' names.

    Args:
        folder: Of the TOML files; by default those that this code comes with.

    Raises:
        ValueError: If a file is not what it should be, or a name, an id or a text (as
            it is compared: without case or diacritics) stands there twice.
    """
    folder = folder or resources.files("training") / "evaluation/functional/cases"
    files = sorted((f for f in folder.iterdir()), key=lambda f: f.name)
    tests = [
        CapabilityTest.model_validate(values)
        for file in files
        if file.name.endswith(".toml")
        for values in tomllib.loads(file.read_text(encoding="utf-8"))["capability"]
    ]
    cases = [case for test in tests for case in test.cases]
    _check_once("name", (test.name for test in tests))
    _check_once("id", (case.id for case in cases))
    _check_once("text", (k for case in cases for k in {*map(text_key, case.texts)}))
    return tests


def _check_once(what: str, values: Iterable[str]) -> None:
    twice = [value for value, n in Counter(values).items() if n > 1]
    if twice:
        msg = f"{what} stands twice: {'; '.join(twice)}"
        raise ValueError(msg)

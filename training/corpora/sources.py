"""What ``data/sources.toml`` says of a corpus, where the checkout is at hand."""

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from kiemtin.labels import Label
from training.corpora.row import Head
from training.errors import SourcesError

SOURCES_FILE = Path(__file__).parents[2] / "data" / "sources.toml"

Words = Annotated[str, StringConstraints(min_length=1)]
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+/\S*$")]
FileName = Annotated[str, StringConstraints(pattern=r"^\w[\w.-]*$")]
CorpusName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Permission(StrEnum):
    """What the terms of a corpus allow, from the most to the least."""

    REDISTRIBUTABLE = "redistributable"
    RESEARCH = "research"
    UNSTATED = "unstated"
    """Nothing is stated: whoever uses it answers for that."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceFile(_Table):
    """
    One file, under the name that its reader expects.

    Attributes:
        url: Where it is published; absent where there is no address for everybody.
        member: Its name in the ZIP archive that *url* gives, if it gives one.
        sha256: The digest that the authors publish.
    """

    name: FileName
    url: Address | None = None
    member: Words | None = None
    sha256: Sha256 | None = None

    @model_validator(mode="after")
    def _member_has_archive(self) -> Self:
        if self.member and not self.url:
            msg = f"{self.name} is a member of no archive: it has no url"
            raise ValueError(msg)
        return self


class Source(_Table):
    """
    Where a corpus comes from, on what terms, and what it really means.

    Attributes:
        verified: Whether the files were seen under these names on a page of the authors.
        by_hand: What to do where a file has no address.
        labels: Each class as published, and our labels for it; of a corpus that gives
            none, what the class means in words.
    """

    title: Words
    homepage: Address | None = None
    paper: Address | None = None
    licence: Words
    licence_note: Words | None = None
    permission: Permission
    cite: Words | None = None
    verified: bool = True
    by_hand: Words | None = None
    head: Head
    use: Words
    meaning: Words
    bias: Words
    files: Annotated[tuple[SourceFile, ...], Field(min_length=1)]
    labels: dict[str, tuple[Label, ...] | Words]

    @model_validator(mode="after")
    def _every_file_is_got_somehow(self) -> Self:
        names = [f.name for f in self.files]
        if len(set(names)) < len(names):
            msg = f"a file is named twice among {', '.join(names)}"
            raise ValueError(msg)
        if not self.by_hand and not all(f.url for f in self.files):
            msg = "a file has no url, and no by_hand says what to do"
            raise ValueError(msg)
        return self


_SOURCES = TypeAdapter(dict[CorpusName, Source])


def read_sources(path: Path = SOURCES_FILE) -> dict[str, Source]:
    """
    Return the source of each corpus; none where the wheel left the file behind.

    Raises:
        SourcesError: If the file is not what it should be.
    """
    if not path.is_file():
        return {}
    try:
        return _SOURCES.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        msg = f"{path}: {e}"
        raise SourcesError(msg) from e
    except ValidationError as e:
        first = e.errors()[0]
        where = ".".join(str(x) for x in first["loc"])
        msg = f"{path}: {where}: {first['msg']}"
        raise SourcesError(msg) from e


def where_to_get(name: str) -> str:
    """Return a phrase that sends its reader to the corpus *name*."""
    source = read_sources().get(name)
    if source is None:
        return "data/sources.toml says where to get it"
    if all(f.url for f in source.files):
        return f"get it with kiemtin data fetch {name}, from {source.homepage}"
    return f"get it by hand: {by_hand(source)}"


def by_hand(source: Source) -> str:
    """Return what to do for a file of *source* that has no address."""
    return ": ".join(x for x in (source.homepage, source.by_hand) if x)

"""``fetched.toml``: what was got, from where and when, to hold later fetches against."""

import tomllib
from pathlib import Path
from typing import Annotated

import tomli_w
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from training.corpora.sources import Sha256
from training.errors import FetchError

RECORD_FILE = "fetched.toml"

_PREFACE = """\
# Written by kiemtin data fetch. Where the authors publish no digest, a file is held
# against what was got first: delete its table to trust what comes next.

"""


class Entry(BaseModel):
    """One file, as it was when it came."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    """An address, or the path of a file that was copied."""
    sha256: Sha256
    n_bytes: Annotated[int, Field(ge=0)]
    when: AwareDatetime


_Record = dict[str, dict[str, Entry]]
_RECORD = TypeAdapter(_Record)


def read_entry(root: Path, corpus: str, name: str) -> Entry | None:
    """
    Return what is recorded of the file *name* of *corpus*.

    Raises:
        FetchError: If the record is not what was written.
    """
    return _read(root).get(corpus, {}).get(name)


def write_entry(root: Path, corpus: str, name: str, entry: Entry) -> None:
    """Record *entry*, in the place of an older one."""
    record = _read(root)
    record.setdefault(corpus, {})[name] = entry
    path = root / RECORD_FILE
    aside = path.with_name(f"{path.name}.part")
    aside.write_text(_PREFACE + tomli_w.dumps(_RECORD.dump_python(record)), "utf-8")
    aside.replace(path)


def _read(root: Path) -> _Record:
    path = root / RECORD_FILE
    try:
        return _RECORD.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (ValueError, ValidationError) as e:
        msg = f"{path} is not what was written; move it away to trust the files anew"
        raise FetchError(msg) from e

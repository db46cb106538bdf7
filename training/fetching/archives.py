"""A file out of a published ZIP archive."""

import shutil
import zlib
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from training.errors import FetchError
from training.fetching.transfer import check_size, discard


def extract(archive: Path, member: str, part: Path) -> None:
    """
    Write the *member* of *archive* to *part*, and remove the archive.

    Raises:
        FetchError: If it has no such member, or one that is too large.
    """
    try:
        with ZipFile(archive) as z:
            check_size(archive, z.getinfo(member).file_size)
            with z.open(member) as f, part.open("wb") as out:
                shutil.copyfileobj(f, out)
    except (BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError) as e:
        discard(part)
        msg = f"{archive} has no {member} that can be read: {e}"
        raise FetchError(msg) from e
    finally:
        discard(archive)

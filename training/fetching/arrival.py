"""Brings the files of a corpus to their folder, whole and checked or not at all."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

import httpx

from kiemtin.bundle import file_sha256
from training.corpora.sources import Source, SourceFile, by_hand
from training.errors import DigestError, FetchError
from training.fetching.archives import extract
from training.fetching.record import RECORD_FILE, Entry, read_entry, write_entry
from training.fetching.transfer import check_size, discard, download

Report = Callable[[str, int, int | None], None]
"""Takes which file comes, the bytes that are here, and of how many if known."""


class Arrival(StrEnum):
    """How a file came to be where it is."""

    FETCHED = "fetched"
    COPIED = "copied"
    ALREADY_HERE = "already here"


@dataclass(frozen=True, slots=True)
class Arrived:
    """
    A file that is whole and what it should be.

    Attributes:
        name: The corpus and the file, such as ``vihsd/train.csv``.
        held_against: Whose digest it has; none if it is the first to be trusted.
    """

    name: str
    how: Arrival
    n_bytes: int
    sha256: str
    held_against: str


def fetch(
    corpus: str,
    source: Source,
    to: Path,
    *,
    from_dir: Path | None,
    client: httpx.Client,
    progress: Report,
) -> Iterator[Arrived]:
    """
    Bring every file of *source* to ``to/corpus``, and yield it once it is there.

    A file that is there already is only checked: nothing is ever overwritten. What is
    new is checked under another name first, gets its own by one rename, and is then
    read-only.

    Args:
        corpus: The name of the corpus, and of its folder.
        source: Where its files are, and what they should be.
        to: The folder of all corpora; ``fetched.toml`` lies in it.
        from_dir: Copy from ``from_dir/corpus/FILE`` or ``from_dir/FILE`` instead.
        client: What downloads; it sets the timeouts.
        progress: Hears how far each download is.

    Raises:
        DigestError: If a file is not the published one, or not the one got first.
        FetchError: If a file cannot be had.
    """
    for file in source.files:
        order = _Order(corpus, source, file, to, from_dir, client, progress)
        try:
            yield order.arrive()
        except OSError as e:
            msg = f"{order.path}: {e.strerror or e}"
            raise FetchError(msg) from e


@dataclass(frozen=True, slots=True)
class _Order:
    """One file that is wanted."""

    corpus: str
    source: Source
    file: SourceFile
    to: Path
    from_dir: Path | None
    client: httpx.Client
    progress: Report

    @property
    def name(self) -> str:
        return f"{self.corpus}/{self.file.name}"

    @property
    def path(self) -> Path:
        return self.to / self.corpus / self.file.name

    def arrive(self) -> Arrived:
        """Have the file in its place, or raise; see ``fetch``."""
        entry = read_entry(self.to, self.corpus, self.file.name)
        if self.path.exists():
            how, origin = Arrival.ALREADY_HERE, str(self.path)
            sha256 = self._check(self.path, entry)
        else:
            how, origin, sha256 = self._bring(entry)
        if not self.path.is_symlink():
            self.path.chmod(self.path.stat().st_mode & ~0o222)
        n_bytes = self.path.stat().st_size
        if entry is None or entry.sha256 != sha256:
            now = datetime.now(UTC)
            new = Entry(source=origin, sha256=sha256, n_bytes=n_bytes, when=now)
            write_entry(self.to, self.corpus, self.file.name, new)
        return Arrived(self.name, how, n_bytes, sha256, self._authority(entry))

    def _bring(self, entry: Entry | None) -> tuple[Arrival, str, str]:
        """Get the file and check it; return how it came, from where, and its digest."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(f"{self.path.name}.part")
        how, origin = self._copy(part) if self.from_dir else self._download(part)
        try:
            sha256 = self._check(part, entry)
        except DigestError:
            discard(part)
            raise
        part.replace(self.path)
        discard(part)
        return how, origin, sha256

    def _check(self, at: Path, entry: Entry | None) -> str:
        """Return the digest of the file *at*, which is the one wanted or refused."""
        sha256 = file_sha256(at)
        expected = self.file.sha256 or (entry.sha256 if entry else sha256)
        if sha256 != expected:
            fate = "it stays as it is" if at == self.path else "what came is not kept"
            msg = (
                f"{self.path}: its sha256 is {sha256}, not {expected} "
                f"as {self._authority(entry)}; {fate}"
            )
            raise DigestError(msg)
        return sha256

    def _authority(self, entry: Entry | None) -> str:
        if self.file.sha256:
            return "published"
        return f"first got on {entry.when:%Y-%m-%d} ({RECORD_FILE})" if entry else ""

    def _download(self, part: Path) -> tuple[Arrival, str]:
        file = self.file
        if not file.url:
            msg = (
                f"{self.name} has no address. Get it by hand: {by_hand(self.source)}. "
                f"Then: kiemtin data fetch {self.corpus} --from DIR"
            )
            raise FetchError(msg)
        hear = partial(self.progress, self.name)
        if not file.member:
            download(file.url, part, client=self.client, progress=hear)
            return Arrival.FETCHED, file.url
        archive = part.with_name(f"{file.name}.zip.part")
        download(file.url, archive, client=self.client, progress=hear)
        extract(archive, file.member, part)
        return Arrival.FETCHED, f"{file.url}#{file.member}"

    def _copy(self, part: Path) -> tuple[Arrival, str]:
        folder = self.from_dir or Path()
        places = (folder / self.corpus / self.file.name, folder / self.file.name)
        for place in places:
            if place.is_file():
                check_size(place, place.stat().st_size)
                discard(part)  # no download goes on with what is copied
                shutil.copyfile(place, part)
                return Arrival.COPIED, str(place.absolute())
        msg = f"neither {places[0]} nor {places[1]} is there"
        raise FetchError(msg)

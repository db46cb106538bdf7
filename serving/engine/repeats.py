"""
Posts that were scored before: exact repeats are not computed again.

A table in memory that all workers of a model share, of a fixed size: a place for each of
so many posts, found by a keyed hash (HMAC-SHA256) of the normalized text, the model's
digest and the policy's version. It holds scores and counts, never a text, and the key is
made anew for each model that is loaded, so that nobody can ask the table for a text that
he guesses. Nobody locks: a place that is read while it is written fails its checksum and
counts as empty. Where two posts want one place, the newer gets it.
"""

import hmac
import mmap
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from kiemtin.labels import Label
from kiemtin.scoring import DECIMALS, Extent

_RECORD = struct.Struct(f"<16s{len(Label)}HIHI")
_CHECKSUM = struct.Struct("<I")
PLACE_BYTES = _RECORD.size + _CHECKSUM.size
_UNIT = 10**DECIMALS


@dataclass(frozen=True, slots=True)
class Known:
    """What was said of a text: the scores, in the order of the labels, and its length."""

    scores: Sequence[float]
    extent: Extent


class Repeats:
    """
    The table.

    Args:
        memory: Shared by all who use it, of ``PLACE_BYTES`` for each place.
        key: What the hashes are keyed with.
        context: What the scores depend on beside the text: model and policy.
    """

    def __init__(self, memory: mmap.mmap, key: bytes, context: str) -> None:
        self._memory = memory
        self._n_places = len(memory) // PLACE_BYTES
        self._keyed = hmac.new(key, context.encode() + b"\0", "sha256")

    def name(self, text: str) -> bytes:
        """Return what the normalized *text* is known by here."""
        named = self._keyed.copy()
        named.update(text.encode("utf-8", "surrogatepass"))
        return named.digest()[:16]

    def get(self, name: bytes) -> Known | None:
        """Return what is known of the text of that *name*."""
        at = self._place(name)
        found = self._memory[at : at + PLACE_BYTES]
        record = found[: _RECORD.size]
        if record[:16] != name or _CHECKSUM.pack(zlib.crc32(record)) != found[-4:]:
            return None
        _, *scores, n_tokens, n_windows, n_left_out = _RECORD.unpack(record)
        return Known(
            [x / _UNIT for x in scores], Extent(n_tokens, n_windows, n_left_out)
        )

    def put(self, name: bytes, known: Known) -> None:
        """Remember what was said of the text of that *name*."""
        extent = known.extent
        record = _RECORD.pack(
            name,
            *(round(x * _UNIT) for x in known.scores),
            extent.n_tokens,
            extent.n_windows,
            extent.n_windows_left_out,
        )
        at = self._place(name)
        checked = record + _CHECKSUM.pack(zlib.crc32(record))
        self._memory[at : at + PLACE_BYTES] = checked

    def _place(self, name: bytes) -> int:
        return int.from_bytes(name[:8]) % self._n_places * PLACE_BYTES

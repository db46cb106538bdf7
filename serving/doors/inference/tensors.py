"""Tensors as bytes: little-endian, row by row, without padding."""

import struct
from collections.abc import Iterator, Sequence
from itertools import chain

from serving.errors import MalformedTensorError

_LENGTH = struct.Struct("<I")


def unpack_bytes(tensor: bytes) -> Iterator[bytes]:
    """
    Yield the elements of a BYTES tensor: each after its length in four bytes.

    Raises:
        MalformedTensorError: If the last one is not whole.
    """
    at = 0
    while at < len(tensor):
        start = at + _LENGTH.size
        if start > len(tensor):
            msg = f"text: {len(tensor) - at} bytes are left, a length has 4"
            raise MalformedTensorError(msg)
        (n_bytes,) = _LENGTH.unpack_from(tensor, at)
        at = start + n_bytes
        if at > len(tensor):
            msg = (
                f"text: {len(tensor) - start} bytes are left of an element of {n_bytes}"
            )
            raise MalformedTensorError(msg)
        yield tensor[start:at]


def pack_bytes(values: Sequence[str]) -> bytes:
    """Return a BYTES tensor of *values*."""
    encoded = [x.encode() for x in values]
    return b"".join(chain.from_iterable((_LENGTH.pack(len(x)), x) for x in encoded))


def pack_floats(values: Sequence[float]) -> bytes:
    """Return an FP32 tensor of *values*."""
    return struct.pack(f"<{len(values)}f", *values)


def pack_bools(values: Sequence[bool]) -> bytes:
    """Return a BOOL tensor of *values*, one byte each."""
    return bytes(values)

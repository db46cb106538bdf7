"""Two halves of every table: a model learns from one and is examined on the other."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType


class Half(StrEnum):
    """Half of the ways to write a thing otherwise."""

    A = "a"
    """For augmentation."""
    B = "b"
    """For evaluation."""


Halves = Mapping[Half, tuple[str, ...]]


def halve(options: Iterable[str], table: str) -> Halves:
    """
    Return *options*, each in one half, as even as can be.

    They are dealt out in the order of their digests, salted with the name of the
    *table*: the same on every machine, whatever order they are listed in.
    """
    dealt = sorted(set(options), key=lambda o: _digest(f"{table}\t{o}"))
    first = _digest(table)[0] % 2
    halves = {half: tuple(dealt[i ^ first :: 2]) for i, half in enumerate(Half)}
    return MappingProxyType(halves)


def halve_each(table: Mapping[str, Iterable[str]], name: str) -> Mapping[str, Halves]:
    """Return the options of each key of *table* in two halves."""
    return {key: halve(options, f"{name}\t{key}") for key, options in table.items()}


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()

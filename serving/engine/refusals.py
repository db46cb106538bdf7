"""Errors that a worker met, as the same errors here."""

from collections.abc import Iterator
from typing import TypeVar

from kiemtin.errors import BundleError, InputError, KiemtinError

_Error = TypeVar("_Error", bound=KiemtinError)


def bundle_error(code: str, detail: str) -> BundleError:
    """Return the reason of that *code* to refuse a bundle."""
    return _by_code(BundleError)[code](detail)


def input_error(code: str, detail: str) -> InputError:
    """Return the reason of that *code* not to score a text."""
    return _by_code(InputError)[code](detail)


def _by_code(root: type[_Error]) -> dict[str, type[_Error]]:
    return {error.code: error for error in _family(root)}


def _family(root: type[_Error]) -> Iterator[type[_Error]]:
    yield root
    for child in root.__subclasses__():
        yield from _family(child)

"""What can go wrong, and what a person is told of it."""

from pathlib import Path

import pytest

from kiemtin.errors import (
    BundleError,
    EmptyTextError,
    InputError,
    KiemtinError,
    TextTooLongError,
)

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def _leaves(cls: type[KiemtinError]) -> list[type[KiemtinError]]:
    found = [x for child in cls.__subclasses__() for x in _leaves(child)]
    return found or [cls]


OURS = [e for e in _leaves(KiemtinError) if e.__module__ == "kiemtin.errors"]


@pytest.mark.parametrize("error", OURS, ids=lambda e: e.__name__)
def test_command_line_documents_every_code(error: type[KiemtinError]) -> None:
    """Every code of the core has its row in the page on the command line."""
    assert f"| `{error.code}` |" in PAGE.read_text(encoding="utf-8")


def test_branches() -> None:
    """A caller may catch what is wrong with a text, or with a bundle, alone."""
    assert issubclass(EmptyTextError, InputError)
    assert issubclass(TextTooLongError, InputError)
    assert not issubclass(InputError, BundleError)

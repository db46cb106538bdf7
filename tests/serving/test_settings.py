"""The environment decides, and is checked."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from kiemtin.bundles import COMPACT
from serving.settings import Settings


def test_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing said, the embedded bundle and a file in the working directory."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KIEMTIN_{name.upper()}", raising=False)

    settings = Settings()

    assert settings.bundle == COMPACT
    assert settings.database_url == "sqlite:///kiemtin.db"
    assert settings.max_items == 256


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable with our prefix changes its setting."""
    monkeypatch.setenv("KIEMTIN_MAX_ITEMS", "8")

    assert Settings().max_items == 8


def test_an_empty_folder_of_models_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set to nothing, it is not the working directory."""
    monkeypatch.setenv("KIEMTIN_MODELS", "")
    assert Settings().models is None

    monkeypatch.setenv("KIEMTIN_MODELS", "models")
    assert Settings().models == Path("models")


@pytest.mark.parametrize(
    ("name", "value"),
    [("MAX_ITEMS", "0"), ("THREADS", "-1"), ("LOG_LEVEL", "loud"), ("DOCS", "maybe")],
)
def test_a_bad_value_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """A setting that cannot be meant ends the start, not the first request."""
    monkeypatch.setenv(f"KIEMTIN_{name}", value)

    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_settings_do_not_change() -> None:
    """What was resolved at the edge stays so."""
    with pytest.raises(ValidationError, match="frozen"):
        Settings().max_items = 1  # type: ignore[misc]

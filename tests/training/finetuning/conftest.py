"""What the tests of fine-tuning share: a tiny PhoBERT, ready to be fine-tuned."""

from pathlib import Path

import pytest

from tests.fixtures.fine_tuning import small_recipe
from tests.fixtures.tiny_phobert import write_tiny_phobert
from training.finetuning.encoders import resolve_encoder


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder like PhoBERT's that knows nothing."""
    root = tmp_path_factory.mktemp("tiny")
    published = write_tiny_phobert(root / "published")
    return resolve_encoder(published, small_recipe(), root / "interim")

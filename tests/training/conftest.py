"""What the tests of training share: small corpora and an encoder made from scratch."""

from pathlib import Path

import pytest

from tests.fixtures.published import published_corpora
from tests.fixtures.small_corpora import write_raw_text, write_small_corpora
from training.preparation.run import prepare
from training.pretraining.recipe import PretrainRecipe
from training.pretraining.run import pretrain
from training.recipes import load_recipe


@pytest.fixture(scope="session")
def small_corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with small corpora."""
    return write_small_corpora(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def prepared(small_corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small corpora as ``kiemtin data prepare`` leaves them."""
    out = tmp_path_factory.mktemp("prepared")
    prepare(small_corpora, out)
    return out


@pytest.fixture(scope="session")
def prepared_published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published corpora, prepared; a minute's work, done once."""
    out = tmp_path_factory.mktemp("published")
    prepare(published_corpora(), out)
    return out


@pytest.fixture(scope="session")
def raw_text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with raw text."""
    return write_raw_text(tmp_path_factory.mktemp("corpora"))


@pytest.fixture(scope="session")
def encoder_folder(raw_text: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder that was pretrained for seconds."""
    recipe = load_recipe("pretrain-smoke", PretrainRecipe)
    return pretrain(recipe, raw_text, tmp_path_factory.mktemp("encoder"))

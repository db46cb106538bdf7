"""Documents to tokens, here or in other processes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from training.pretraining import encoding
from training.pretraining.avoidance import Avoided
from training.pretraining.corpus import Drawn
from training.pretraining.encoding import encode_documents, write_documents
from training.pretraining.recipe import PretrainRecipe
from training.pretraining.tokenizer import train_tokenizer
from training.pretraining.writing import Writer
from training.recipes import load_recipe

SMOKE = load_recipe("pretrain-smoke", PretrainRecipe)
WRITER = Writer(SMOKE.model_copy(update={"stripped": 0.5}), Avoided(["hay quá"]))


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small tokenizer."""
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    texts = ["đồng hồ đẹp quá", "dong ho dep qua"] * 20
    train_tokenizer(texts, vocab_size=400).save(str(path))
    return path


def _drawn(n: int) -> Iterator[Drawn]:
    for i in range(n):
        yield Drawn("some", "hay quá" if i % 10 == 0 else f"đồng hồ số {i}", seed=i)


def test_tokens_are_those_of_the_text(tokenizer: Path) -> None:
    """Each document is its tokens and an end; one that is left out has none."""
    found = list(encode_documents(_drawn(20), WRITER, tokenizer))

    reader = Tokenizer.from_file(str(tokenizer))
    assert [len(ids) == 0 for _, ids in found] == [i % 10 == 0 for i in range(20)]
    for drawn, (source, ids) in zip(_drawn(20), found, strict=True):
        if len(ids):
            assert source == "some"
            assert ids[-1] == reader.token_to_id("</s>")
            assert reader.decode(ids[:-1].tolist()).strip() == WRITER.write(drawn)


def test_left_out_documents_are_not_written() -> None:
    """The tokenizer is trained on no text that must not be seen."""
    written = list(write_documents(_drawn(20), WRITER))

    assert len(written) == 18
    assert "hay quá" not in written


@pytest.mark.slow
def test_other_processes_change_nothing(
    tokenizer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On all cores the same tokens come in the same order, and no corpus is swallowed."""
    here = [ids for _, ids in encode_documents(_drawn(2500), WRITER, tokenizer)]
    monkeypatch.setattr(encoding, "_HERE", 0)
    n_read = 0

    def counted() -> Iterator[Drawn]:
        nonlocal n_read
        for drawn in _drawn(2500):
            n_read += 1
            yield drawn

    spread = encode_documents(counted(), WRITER, tokenizer)
    first = next(spread)
    n_read_for_the_first = n_read
    there = [first[1], *(ids for _, ids in spread)]

    assert n_read_for_the_first < 2500
    assert all(np.array_equal(a, b) for a, b in zip(here, there, strict=True))

"""A bundle gives its encoder back."""

import logging
import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer

from kiemtin.bundles import COMPACT
from kiemtin.errors import BundleError
from kiemtin.manifest import MODEL_FILE
from training.errors import EncoderMissingError, RecipeError
from training.exporting.forms import INT8_FORMS, write_form
from training.exporting.graph import export_graph
from training.finetuning import unpacking
from training.finetuning.model import MultiHeadClassifier, load_encoder
from training.finetuning.unpacking import unpack_encoder


def test_encoder_of_a_bundle_computes_what_the_bundle_does(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With the bundle's own heads on it, the unpacked encoder gives the same logits."""
    caplog.set_level(logging.ERROR)
    encoder = load_encoder(
        unpack_encoder(COMPACT, tmp_path), dropout=0.0, attention="sdpa"
    )
    model = MultiHeadClassifier(encoder, n_corpora=1, dropout=0.0).eval()
    state = model.state_dict()
    for table in onnx.load(COMPACT / MODEL_FILE).graph.initializer:
        if table.name.startswith("heads."):
            state[table.name].copy_(torch.tensor(numpy_helper.to_array(table)))
    ids = np.random.default_rng(0).integers(5, encoder.config.vocab_size, (4, 40))
    mask = np.ones_like(ids)
    mask[1, 20:] = 0

    # The graph of the bundle rounds activations to a byte, the network does not; so both
    # are held against each other as graphs of one form.
    export_graph(model, tmp_path / "fp32.onnx")
    write_form(INT8_FORMS[0], tmp_path / "fp32.onnx", tmp_path / "int8.onnx")
    feed = {"input_ids": ids, "attention_mask": mask}
    found, logits = (
        ort.InferenceSession(path).run(["logits"], feed)[0]
        for path in (tmp_path / "int8.onnx", COMPACT / MODEL_FILE)
    )
    assert np.abs(found - logits).max() < 1e-3


def test_new_placeholder_gets_a_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the tokenizer of a bundle cannot know is added, and the old ids stay."""
    monkeypatch.setattr(unpacking, "PLACEHOLDERS", ("<url>", "<phone>", "<iban>"))

    unpack_encoder(COMPACT, tmp_path)

    before = Tokenizer.from_file(str(COMPACT / "tokenizer.json"))
    after = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    encoder = load_encoder(tmp_path, dropout=0.0, attention="sdpa")
    assert after.token_to_id("<iban>") == before.get_vocab_size()
    assert after.encode("trúng <url> <iban>").tokens[-2] == "<iban>"
    assert after.token_to_id("<url>") == before.token_to_id("<url>")
    assert encoder.config.vocab_size == after.get_vocab_size()


def test_changed_bundle_is_refused(tmp_path: Path) -> None:
    """Nothing is taken out of a bundle whose files are not those of its manifest."""
    folder = Path(shutil.copytree(COMPACT, tmp_path / "bundle"))
    (folder / "recipe.toml").write_text("")

    with pytest.raises(BundleError):
        unpack_encoder(folder, tmp_path / "out")


def test_bundle_of_another_make_is_refused(bundle: Path, tmp_path: Path) -> None:
    """A bundle that no recipe of ours made has no encoder that we could name."""
    with pytest.raises((EncoderMissingError, RecipeError)):
        unpack_encoder(bundle, tmp_path)

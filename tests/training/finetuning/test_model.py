"""The network and the pooling of its windows."""

from pathlib import Path

import numpy as np
import torch

from kiemtin.bundle import read_manifest
from kiemtin.calibration import CalibratedHead
from kiemtin.labels import Label
from tests.fixtures.tiny_bundle import write_tiny_bundle
from training.model import MultiHeadClassifier, load_encoder, pool_windows


def test_pooling_is_that_of_serving(tmp_path: Path) -> None:
    """Training and serving make one logit of several windows in the same way."""
    pooling = {x: "mean" if x is Label.UNRELIABLE else "max" for x in Label}
    manifest = read_manifest(write_tiny_bundle(tmp_path))
    head = CalibratedHead(manifest.model_copy(update={"pooling": pooling}))
    logits = torch.tensor(
        [
            [-2.0, 1.0, -4.0, 0.5, 0.0],
            [1.0, -1.0, -5.0, 2.0, 0.1],
            [0.0, 3.0, 0.0, 0, 0],
        ]
    )
    is_max = torch.tensor([pooling[x] == "max" for x in Label])

    pooled = pool_windows(logits, torch.tensor([0, 0, 1]), 2, is_max)

    expected = [head(logits[:2].numpy()), head(logits[2:].numpy())]
    np.testing.assert_allclose(torch.sigmoid(pooled).numpy(), expected, atol=1e-6)


def test_padding_changes_nothing(encoder_folder: Path) -> None:
    """A window scores the same alone and padded beside a longer one."""
    network = load_encoder(encoder_folder, dropout=0.0, attention="eager")
    model = MultiHeadClassifier(network, n_corpora=1, dropout=0.0).eval()
    ids = torch.randint(5, 1000, (1, 9))
    padded = torch.ones(2, 30, dtype=torch.long)
    padded[0, :9], padded[1] = ids, torch.randint(5, 1000, (30,))
    mask = torch.ones_like(padded)
    mask[0, 9:] = 0

    with torch.inference_mode():
        alone = model(ids, torch.ones_like(ids))
        company = model(padded, mask)

    torch.testing.assert_close(alone[0], company[0], atol=1e-5, rtol=0)


def test_corpus_bias_is_not_part_of_the_network(encoder_folder: Path) -> None:
    """What one corpus' annotators did is dropped when the network is used."""
    network = load_encoder(encoder_folder, dropout=0.0, attention="eager")
    model = MultiHeadClassifier(network, n_corpora=2, dropout=0.0).eval()
    ids = torch.randint(5, 1000, (1, 9))
    before = model(ids, torch.ones_like(ids))

    torch.nn.init.ones_(model.corpus_bias.weight)

    torch.testing.assert_close(model(ids, torch.ones_like(ids)), before)

"""The network: what it sees of a window, and what it does not."""

from pathlib import Path

import torch

from training.finetuning.model import MultiHeadClassifier, load_encoder


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

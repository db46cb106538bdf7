"""Prepared files are opened by Hugging Face's datasets as they are."""

from pathlib import Path

import datasets
import pytest

from training.corpora import Head
from training.preparation.manifest import read_manifest
from training.preparation.schema import FEATURES
from training.splits import Split


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(datasets.config, "HF_DATASETS_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path)


def test_load_dataset_has_splits_and_features(prepared: Path) -> None:
    """Every split is there under its name, with class names and null for the unknown."""
    loaded = datasets.load_dataset(str(prepared))

    manifest = read_manifest(prepared)
    assert set(loaded) == {s for s in Split if sum(manifest.rows[s].values())}
    train = loaded["train"]
    assert train.features == FEATURES
    assert len(train) == sum(manifest.rows[Split.TRAIN].values())
    row = next(r for r in train if r["corpus"] == "vihsd")
    assert train.features["head"].int2str(row["head"]) == Head.HARM
    assert row["labels"]["scam"] is None
    assert row["licence"]


def test_streaming_reads_row_by_row(prepared: Path) -> None:
    """The first row comes without the others being loaded."""
    stream = datasets.load_dataset(str(prepared), split="train", streaming=True)

    first = next(iter(stream))

    assert first["text"]
    assert first["split_by_time"] is not None


def test_split_by_time_is_a_configuration_of_its_own(prepared: Path) -> None:
    """The dated corpora have their second split, whose test is the latest."""
    loaded = datasets.load_dataset(str(prepared), "by_time")

    assert set(loaded) == {"train", "dev", "test"}
    assert max(loaded["train"]["time"]) <= min(loaded["dev"]["time"])
    assert max(loaded["dev"]["time"]) <= min(loaded["test"]["time"])

"""
Writes the network of a bundle as the folder that Hugging Face's libraries load.

    python -m benchmarks.peers.folder [BUNDLE]

The graph and the tokenizer are the bundle's own files. The weights for torch are those of
the graph in fp32, within half a step of what was trained.
"""

import argparse
import json
import shutil
from pathlib import Path

from safetensors.torch import save_file
from transformers import PreTrainedConfig

from benchmarks.peers import FOLDER
from kiemtin.bundle import verify_files
from kiemtin.bundles import COMPACT
from kiemtin.labels import HEADS, Label
from kiemtin.manifest import MODEL_FILE, TOKENIZER_FILE
from kiemtin.text.encode import BEGIN, END, MASK, PAD, UNKNOWN
from training.finetuning.unpacking import unpack_network

CODE = Path(__file__).with_name("classifier.py")
NETWORK = "KiemtinForSequenceClassification"
"""The class in it; by the end of its name, Infinity knows what it is for."""


def write_folder(bundle: Path, out: Path) -> Path:
    """
    Write *bundle* to *out*, for onnxruntime, for torch and for Infinity.

    Raises:
        BundleError: If the bundle is not whole.
        EncoderMissingError: If its graph is not one that ``training.exporting`` writes.
    """
    n_tokens = verify_files(bundle).window.tokens
    network = unpack_network(bundle)
    out.mkdir(parents=True, exist_ok=True)
    for name in (MODEL_FILE, TOKENIZER_FILE):
        shutil.copyfile(bundle / name, out / name)
    shutil.copyfile(CODE, out / CODE.name)
    _write(out / "config.json", _config(network.encoder.config))
    _write(out / "tokenizer_config.json", _tokenizer_config(n_tokens))
    weights = {
        name.replace("encoder.", "roberta.", 1): table.contiguous()
        for name, table in network.state_dict().items()
        if name.startswith(("encoder.", "heads."))
    }
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    return out


def _config(encoder: PreTrainedConfig) -> dict[str, object]:
    labels = list(Label)
    return encoder.to_dict() | {
        "architectures": [NETWORK],
        "auto_map": {"AutoModelForSequenceClassification": f"{CODE.stem}.{NETWORK}"},
        "problem_type": "multi_label_classification",
        "id2label": dict(enumerate(labels)),
        "label2id": {label: i for i, label in enumerate(labels)},
        "heads": {name: len(labels) for name, labels in HEADS.items()},
        "dtype": "float32",
    }


def _tokenizer_config(n_tokens: int) -> dict[str, object]:
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": n_tokens,
        "model_input_names": ["input_ids", "attention_mask"],
        "clean_up_tokenization_spaces": False,
        "bos_token": BEGIN,
        "cls_token": BEGIN,
        "pad_token": PAD,
        "eos_token": END,
        "sep_token": END,
        "unk_token": UNKNOWN,
        "mask_token": MASK,
    }


def _write(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Write a bundle, the embedded one where none is named, to where peers look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", type=Path, nargs="?", default=COMPACT)
    write_folder(parser.parse_args().bundle, FOLDER)


if __name__ == "__main__":
    main()

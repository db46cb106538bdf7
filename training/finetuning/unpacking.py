"""A network taken out of a bundle, so that training can go on where no other is."""

import json
import tomllib
from pathlib import Path

import onnx
import torch
from tokenizers import AddedToken, Tokenizer
from transformers import AutoConfig, AutoModel, PreTrainedConfig, RobertaModel

from kiemtin.bundle import verify_files
from kiemtin.manifest import MODEL_FILE, RECIPE_FILE, TOKENIZER_FILE
from kiemtin.text.steps.placeholders import PLACEHOLDERS
from training.errors import EncoderMissingError
from training.finetuning.model import MultiHeadClassifier
from training.finetuning.stored_weights import CONFIG_KEY, Floats, read_weights
from training.pretraining.masked_lm import new_model
from training.pretraining.recipe import PretrainRecipe
from training.recipes import load_recipe

_ENCODER = "encoder."


def unpack_encoder(bundle: Path, out: Path) -> Path:
    """
    Write the encoder of *bundle* to *out* as a checkpoint that fine-tuning reads.

    Its weights are those of the graph: of an int8 one, within half a step of what was
    trained. The heads are left behind. A placeholder that came later gets a token of
    its own, which starts as the mean of the others. An older normalizer is no hindrance.

    Raises:
        BundleError: If the bundle is not whole.
        EncoderMissingError: If its graph is not one that ``training.exporting`` writes.
    """
    network = unpack_network(bundle)
    tokenizer = Tokenizer.from_file(str(bundle / TOKENIZER_FILE))
    _add_placeholders(network.encoder, tokenizer)
    out.mkdir(parents=True, exist_ok=True)
    network.encoder.save_pretrained(out)
    tokenizer.save(str(out / TOKENIZER_FILE))
    return out


def unpack_network(bundle: Path) -> MultiHeadClassifier:
    """
    Return the network of *bundle*, heads and all, as its graph has it.

    Raises:
        BundleError: If the bundle is not whole.
        EncoderMissingError: If its graph is not one that ``training.exporting`` writes.
    """
    verify_files(bundle)
    graph = onnx.load(bundle / MODEL_FILE)
    tokenizer = Tokenizer.from_file(str(bundle / TOKENIZER_FILE))
    n_tokens = tokenizer.get_vocab_size()
    encoder = _empty_encoder(graph, bundle / RECIPE_FILE, n_tokens)
    network = MultiHeadClassifier(
        encoder, n_corpora=1, dropout=0.0, n_tokens=n_tokens
    ).eval()
    _fill(network, read_weights(graph), bundle)
    return network


def _empty_encoder(graph: onnx.ModelProto, recipe: Path, n_tokens: int) -> RobertaModel:
    kept = {p.key: p.value for p in graph.metadata_props}.get(CONFIG_KEY)
    config = _config_of(kept) if kept else _config_by(recipe, n_tokens)
    encoder: RobertaModel = AutoModel.from_config(  # type: ignore[no-untyped-call]
        config, add_pooling_layer=False
    )
    return encoder


def _config_of(kept: str) -> PreTrainedConfig:
    values = json.loads(kept)
    return AutoConfig.for_model(values.pop("model_type"), **values)


def _config_by(recipe: Path, n_tokens: int) -> PreTrainedConfig:
    """Return the configuration where a graph has none: before 0.3, all were ours."""
    # Not read as a recipe of today: one that made an older bundle had other keys.
    name = tomllib.loads(recipe.read_text(encoding="utf-8")).get("encoder")
    if not isinstance(name, str):
        msg = f"{recipe} names no encoder"
        raise EncoderMissingError(msg)
    shape = load_recipe(name, PretrainRecipe).shape
    # Placeholders that came later have made the table longer than the recipe has it.
    return new_model(shape.model_copy(update={"vocab_size": n_tokens})).config


def _fill(
    network: MultiHeadClassifier, weights: dict[str, Floats], bundle: Path
) -> None:
    for name, parameter in network.named_parameters():
        if not name.startswith((_ENCODER, "heads.")):
            continue
        found = weights.get(name)
        if found is None or found.shape != tuple(parameter.shape):
            has = "nothing" if found is None else f"{found.shape}"
            msg = f"{bundle} has {has} for {name}, {tuple(parameter.shape)} is needed"
            raise EncoderMissingError(msg)
        parameter.data = torch.from_numpy(found.copy())


def _add_placeholders(encoder: RobertaModel, tokenizer: Tokenizer) -> None:
    n_before = tokenizer.get_vocab_size()
    if n_before > encoder.config.vocab_size:
        return  # a PhoBERT's: what it lacks it reads as <unk>
    known = [i for p in PLACEHOLDERS if (i := tokenizer.token_to_id(p)) is not None]
    lacking = [p for p in PLACEHOLDERS if tokenizer.token_to_id(p) is None]
    tokenizer.add_tokens([AddedToken(p, normalized=False) for p in lacking])
    if lacking:
        encoder.resize_token_embeddings(n_before + len(lacking), mean_resizing=False)
        with torch.no_grad():
            table = encoder.embeddings.word_embeddings.weight
            table[n_before:] = table[known].mean(dim=0) if known else table.mean(dim=0)

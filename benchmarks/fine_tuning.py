"""
``make bench-train``: our loop against transformers' Trainer that pads to the maximum.

On the same rows and weights, with the same seed, precision and rate, and as many rows in
a batch on average. Ours reads and writes the rows anew while the clock runs, as Trainer
tokenizes them; the first epoch, in which torch compiles, warms up and is told apart.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn
from transformers import Trainer, TrainingArguments

from kiemtin.text import Encoder, WindowSpec
from training.finetuning.batches import group
from training.finetuning.encoders import resolve_encoder
from training.finetuning.epochs import draw_shares
from training.finetuning.examples import Example, ExampleMaker
from training.finetuning.model import MultiHeadClassifier, load_encoder
from training.finetuning.run import fine_tune
from training.recipes import TrainRecipe, load_recipe
from training.rows import Pool, load_pool
from training.splits import Split

_LEAST = 1.5
_N_DEV = 50

Padding = Literal["maximum", "longest"]
MAXIMUM, LONGEST = "Trainer, padded to the maximum", "Trainer, padded to the longest"
BY_LENGTH, COMPILED = "ours, by length", "ours, by length and compiled"


class Plain(nn.Module):
    """The same network as Trainer wants it: one window a row, and a masked loss."""

    def __init__(self, network: MultiHeadClassifier) -> None:
        super().__init__()
        self.network = network

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        targets: Tensor,
        weights: Tensor,
    ) -> dict[str, Tensor]:
        """Return the loss."""
        logits = self.network(input_ids, attention_mask)
        losses = nn.functional.binary_cross_entropy_with_logits(
            logits, targets, weight=weights, reduction="sum"
        )
        return {"loss": losses / weights.sum().clamp(min=1.0), "logits": logits}


class Bench:
    """The rows and the recipe that all ways share."""

    def __init__(
        self,
        data: Path,
        encoder: str,
        n_rows: int,
        folder: Path,
        clock: Callable[[], float],
    ) -> None:
        recipe = load_recipe("compact", TrainRecipe)
        pool = load_pool(data, recipe.corpora)
        rng = random.Random(0)  # noqa: S311 -- which rows are measured
        rows = {
            s: rng.sample(found, min(n_rows, len(found)))
            for s, found in pool.rows.items()
        }
        rows[Split.DEV] = rows[Split.DEV][:_N_DEV]
        self.recipe, self.folder, self.clock = recipe, folder, clock
        self.pool: Pool = replace(pool, rows=rows)
        self.encoder = resolve_encoder(encoder, recipe, folder)
        window = recipe.window
        self.reader = Encoder.from_file(
            self.encoder / "tokenizer.json",
            WindowSpec(window.tokens, window.overlap, 1),
        )

    def examples(self) -> list[Example]:
        """Return the rows as a plain script reads them: their first window."""
        make = ExampleMaker(
            self.reader,
            corpora=self.recipe.corpora,
            most_windows=1,
            assumed=self.recipe.assumed_negative,
        )
        rows = self.pool.rows[Split.TRAIN]
        return make.make_all([(r, r.text) for r in rows])

    def padded(self) -> dict[str, float]:
        """Return the padded tokens of a row, of the ways that decide them."""
        examples = self.examples()
        groups = group(
            examples, batch_tokens=self.recipe.fine_tune.batch_tokens, seed=0
        )
        n_grouped = sum(len(g) * max(e.width for e in g) for g in groups)
        by_length = n_grouped / len(examples)
        widest = float(self.recipe.window.tokens)
        return {MAXIMUM: widest, BY_LENGTH: by_length, COMPILED: by_length}

    def ours(self, n_epochs: int, *, compiled: bool) -> tuple[float, float]:
        """Return rows a second after the first epoch, and the seconds of the first."""
        change = {"epochs": n_epochs + 1, "compiled": compiled, "precision": "fp32"}
        section = self.recipe.fine_tune.model_copy(update=change)
        recipe = self.recipe.model_copy(update={"fine_tune": section})
        began, ends = self.clock(), list[float]()

        def note(_: int, figures: dict[str, float]) -> None:
            if "dev_auc" in figures:
                ends.append(self.clock())

        with tempfile.TemporaryDirectory(dir=self.folder) as work:
            fine_tune(recipe, self.pool, self.encoder, work=Path(work), report=note)
        n_rows = sum(
            draw_shares(self.pool.rows[Split.TRAIN], section.temperature)[r.corpus]
            for r in self.pool.rows[Split.TRAIN]
        )
        return n_rows * n_epochs / (ends[-1] - ends[0]), ends[0] - began

    def trainer(self, padding: Padding) -> float:
        """Return the rows a second of transformers' Trainer."""
        section = self.recipe.fine_tune
        network = MultiHeadClassifier(
            load_encoder(self.encoder, dropout=section.dropout, attention="sdpa"),
            n_corpora=1,
            dropout=section.dropout,
        )
        network.corpus_bias.requires_grad_(requires_grad=False)
        groups = group(self.examples(), batch_tokens=section.batch_tokens, seed=0)
        n_rows = sum(map(len, groups))
        arguments = TrainingArguments(
            output_dir=str(self.folder / "trainer"),
            num_train_epochs=1,
            per_device_train_batch_size=round(n_rows / len(groups)),
            learning_rate=section.learning_rate,
            seed=self.recipe.seed,
            save_strategy="no",
            logging_strategy="no",
            report_to="none",
            disable_tqdm=True,
            remove_unused_columns=False,
            dataloader_pin_memory=False,
        )
        began = self.clock()
        self._fit(Plain(network), arguments, padding)
        return n_rows / (self.clock() - began)

    def _fit(
        self, model: Plain, arguments: TrainingArguments, padding: Padding
    ) -> None:
        width = self.recipe.window.tokens if padding == "maximum" else None
        pad_id = self.reader.pad_id
        Trainer(
            model=model,
            args=arguments,
            train_dataset=self.examples(),
            data_collator=lambda examples: _collate(examples, pad_id, width),
        ).train()


def _collate(
    examples: list[Example], pad_id: int, width: int | None
) -> dict[str, Tensor]:
    windows = [e.windows[0] for e in examples]
    width = width or max(map(len, windows))
    ids = torch.tensor([[*w, *[pad_id] * (width - len(w))] for w in windows])
    return {
        "input_ids": ids,
        "attention_mask": (ids != pad_id).long(),
        "targets": torch.tensor([e.targets for e in examples]),
        "weights": torch.tensor([e.weights for e in examples]),
    }


def main() -> None:
    """Measure the ways by turns, and print the medians and what our loop gains."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/processed"))
    parser.add_argument("--encoder", default="kiemtin/bundles/compact")
    parser.add_argument("--rows", type=int, default=800)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--busy",
        action="store_true",
        help="take the processor's time: for a machine where others work beside it",
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(
            chosen.data,
            chosen.encoder,
            chosen.rows,
            Path(folder),
            time.process_time if chosen.busy else time.perf_counter,
        )
        speeds: dict[str, list[float]] = {}
        for _ in range(chosen.repeats):
            for name, speed in measure(bench):
                speeds.setdefault(name, []).append(speed)
                print(f"{name:<32} {speed:8.1f}", flush=True)  # noqa: T201
        padded = bench.padded()
    print(f"medians of {chosen.repeats}, {chosen.rows} rows")  # noqa: T201
    medians = {name: statistics.median(found) for name, found in speeds.items()}
    for name, median in medians.items():
        tokens = (
            f"{median * padded[name]:9.0f} padded tokens/s" if name in padded else ""
        )
        print(f"{name:<32} {median:8.1f} {tokens}")  # noqa: T201
    ours = COMPILED if bench.recipe.fine_tune.compiled else BY_LENGTH
    gain = medians[ours] / medians[MAXIMUM]
    verdict = "ok" if gain >= _LEAST else "MISSED"
    print(f"{ours}: {gain:.2f} times as fast, at least {_LEAST}  {verdict}")  # noqa: T201


def measure(bench: Bench) -> Iterator[tuple[str, float]]:
    """Yield each way with its rows a second, and the seconds of the first epoch."""
    yield MAXIMUM, bench.trainer("maximum")
    yield LONGEST, bench.trainer("longest")
    yield BY_LENGTH, bench.ours(2, compiled=False)[0]
    compiled, first_s = bench.ours(2, compiled=True)
    yield COMPILED, compiled
    yield "seconds of the epoch that compiles", first_s


if __name__ == "__main__":
    main()

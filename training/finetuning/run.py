"""Fine-tune an encoder with its heads by a recipe: from rows to weights."""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from tokenizers import Tokenizer

from kiemtin.bundle import file_sha256
from kiemtin.labels import Label
from kiemtin.manifest import TOKENIZER_FILE
from kiemtin.text import Encoder, WindowSpec
from kiemtin.text.segment import Segmenter, installed_version, load_segmenter
from training.corpora.row import Row
from training.finetuning.adapters import add_adapters, merge_adapters
from training.finetuning.checkpoints import Checkpoints
from training.finetuning.distillation import Teacher
from training.finetuning.encoders import FILES
from training.finetuning.epochs import Drawing, Epochs, draw_shares
from training.finetuning.examples import Example, ExampleMaker, OfLabels
from training.finetuning.loop import Feed, Loop, Report
from training.finetuning.mitigation import row_weights
from training.finetuning.model import MultiHeadClassifier, load_encoder
from training.finetuning.objective import Objective, balance
from training.finetuning.pooling import WindowPooling
from training.finetuning.precision import new_accelerator
from training.recipes import TrainRecipe
from training.rows import Pool
from training.splits import Split

_NOT_OF_WEIGHTS = {"name", "version", "wide", "calibration", "thresholds", "export"}
"""Keys of a recipe that may change while its checkpoints stay of use."""
_FEW = 5000
"""Rows of which an epoch is made before other processes have begun."""
_MOST_PROCESSES = 8


@dataclass(frozen=True)
class Tuned:
    """
    What a run of fine-tuning made.

    Attributes:
        model: The averaged network, on the processor, without adapters.
        pooling: What makes one logit of those of several windows.
        tokenizer: Its file.
        window: How texts are cut.
        history: What was measured after each epoch.
    """

    model: MultiHeadClassifier
    pooling: WindowPooling
    tokenizer: Path
    window: WindowSpec
    history: list[dict[str, float]]

    @property
    def sharpness(self) -> dict[Label, float]:
        """What was learnt for labels that are pooled smoothly."""
        return self.pooling.learned()


def fine_tune(
    recipe: TrainRecipe, pool: Pool, encoder: Path, *, work: Path, report: Report
) -> Tuned:
    """
    Fine-tune *encoder* by *recipe*, on as many devices as accelerate was given.

    The batches are split among them, so the number of devices changes nothing but time.

    Args:
        recipe: What decides the weights.
        pool: Its train rows teach, its dev rows say which epoch is best.
        encoder: A folder, as ``resolve_encoder`` returns it.
        work: Where checkpoints are; from one that is there the run goes on.
        report: Is told the figures of a step now and then, and of each epoch.

    Raises:
        DivergedError: If a loss or a gradient is not a number.
        CheckpointError: If a checkpoint cannot be written, or is of another run.
        RecipeError: If this machine or this encoder cannot do what the recipe says.
        BundleError: If the teacher is not whole.
    """
    accelerator = new_accelerator(recipe.fine_tune)
    set_seed(recipe.seed)
    window = WindowSpec(recipe.window.tokens, recipe.window.overlap, recipe.window.most)
    reader = Encoder.from_file(encoder / TOKENIZER_FILE, window)
    rows = pool.rows[Split.TRAIN]
    soft, teacher = _ask_teacher(recipe, rows, work, accelerator)
    epochs = Epochs(
        rows,
        _drawing(recipe, rows, reader, soft),
        last=recipe.fine_tune.epochs - 1,
        n_processes=_n_processes(len(rows)),
    )
    identity = {
        "recipe": _digest(recipe),
        "rows": pool.digest,
        "encoder": "-".join(file_sha256(encoder / f) for f in FILES),
        "teacher": teacher,
        "number of processes": str(accelerator.num_processes),
    }
    try:
        loop = Loop(
            _objective(recipe, rows, encoder),
            recipe,
            Feed(
                epochs,
                dev_examples(recipe, pool.rows[Split.DEV], reader),
                reader.pad_id,
            ),
            accelerator,
            Checkpoints(work, accelerator, identity),
            report,
        )
        learned = loop.train()
    finally:
        epochs.close()
        accelerator.free_memory()
    merge_adapters(learned.network)
    return Tuned(
        learned.network,
        learned.pooling,
        encoder / TOKENIZER_FILE,
        window,
        loop.progress.history,
    )


def dev_examples(
    recipe: TrainRecipe, rows: Sequence[Row], reader: Encoder
) -> list[Example]:
    """Return *rows* as serving reads them; their weights say which labels they carry."""
    make = ExampleMaker(
        reader,
        corpora=recipe.corpora,
        most_windows=recipe.window.most,
        segmenter=_segmenter(recipe),
    )
    return make.make_all([(r, r.text) for r in rows])


def _objective(recipe: TrainRecipe, rows: Sequence[Row], encoder: Path) -> Objective:
    section = recipe.fine_tune
    tokenizer = Tokenizer.from_file(str(encoder / TOKENIZER_FILE))
    network = MultiHeadClassifier(
        load_encoder(encoder, dropout=section.dropout, attention="sdpa"),
        n_corpora=len(recipe.corpora),
        dropout=section.dropout,
        n_tokens=tokenizer.get_vocab_size(),
    )
    if recipe.lora:
        add_adapters(network, recipe.lora)
    return Objective(
        network,
        WindowPooling(recipe.pooling),
        positive_weight=balance(rows, section.imbalance),
        distillation=recipe.distillation,
    )


def _drawing(
    recipe: TrainRecipe,
    rows: Sequence[Row],
    reader: Encoder,
    soft: dict[str, OfLabels],
) -> Drawing:
    make = ExampleMaker(
        reader,
        corpora=recipe.corpora,
        most_windows=recipe.window.most_in_training,
        assumed=recipe.assumed_negative,
        segmenter=_segmenter(recipe),
        factors=row_weights(rows) if recipe.mitigation.reweighted else None,
        soft=soft,
    )
    return Drawing(
        make,
        recipe.mitigation,
        recipe.augment,
        draw_shares(rows, recipe.fine_tune.temperature),
        recipe.seed,
    )


def _ask_teacher(
    recipe: TrainRecipe, rows: Sequence[Row], work: Path, accelerator: Accelerator
) -> tuple[dict[str, OfLabels], str]:
    """Return what the teacher says of *rows*, and which bundle it is."""
    if not recipe.distillation:
        return {}, ""
    bundle = Path(recipe.distillation.teacher)
    # The first process asks, and the others find its answers.
    with accelerator.main_process_first():
        teacher = Teacher(bundle, work / "teacher", threads=torch.get_num_threads())
        return teacher.ask(rows), teacher.digest


def _segmenter(recipe: TrainRecipe) -> Segmenter:
    return load_segmenter(recipe.segmenter, installed_version(recipe.segmenter) or "")


def _n_processes(n_rows: int) -> int:
    if n_rows < _FEW:
        return 0
    of_machine = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    return min(_MOST_PROCESSES, max(1, (os.cpu_count() or 1) // of_machine))


def _digest(recipe: TrainRecipe) -> str:
    keys = recipe.model_dump(mode="json", exclude=_NOT_OF_WEIGHTS)
    del keys["fine_tune"]["minutes_between_checkpoints"]
    return hashlib.sha256(json.dumps(keys, sort_keys=True).encode()).hexdigest()

"""A run goes on after a stop as if there had been none, and ends when it is told to."""

from pathlib import Path

import numpy as np
import pytest
import torch

from training.errors import CheckpointError, DivergedError, RecipeError
from training.pretraining.checkpoints import load_checkpoint
from training.pretraining.masked_lm import new_model
from training.pretraining.recipe import MaskedLmSection, PretrainRecipe, Shape
from training.pretraining.trainer import Session, Trainer
from training.recipes import load_recipe

SHAPE = Shape(
    vocab_size=50,
    num_hidden_layers=1,
    hidden_size=16,
    num_attention_heads=2,
    intermediate_size=32,
    window_tokens=12,
)
SECTION = load_recipe("pretrain-smoke", PretrainRecipe).masked_lm.model_copy(
    update={"epochs": 1, "batch_sequences": 4, "warmup_steps": 2}
)
ROWS = np.random.default_rng(0).integers(5, 10, (40, 12)).astype(np.uint16)
MOMENT = 1e-9


class _Run:
    """A trainer in a folder, and what it reported."""

    def __init__(
        self,
        folder: Path,
        section: MaskedLmSection = SECTION,
        *,
        minutes: float | None = None,
        made_of: str = "these rows",
        seed: int = 1,
        begins_word: torch.Tensor | None = None,
    ) -> None:
        torch.manual_seed(0)
        self.model = new_model(SHAPE)
        self.figures: dict[int, dict[str, float]] = {}
        self.session = Session(
            folder / "c.pt", folder / "finish", made_of, minutes, report_every=1
        )
        self.trainer = Trainer(
            self.model,
            ROWS,
            section,
            seed=seed,
            session=self.session,
            report=self.figures.__setitem__,
            begins_word=begins_word,
        )

    @property
    def losses(self) -> dict[int, float]:
        return {step: f["loss"] for step, f in self.figures.items()}


@pytest.mark.parametrize("whole_words", [False, True])
def test_a_stopped_run_ends_as_one_that_was_not(
    tmp_path: Path,
    whole_words: bool,  # noqa: FBT001 -- pytest passes it
) -> None:
    """Stopped after every single step, a run has the same losses and weights."""
    begins = torch.arange(50) % 3 > 0 if whole_words else None
    (tmp_path / "whole").mkdir()
    whole = _Run(tmp_path / "whole", begins_word=begins)
    assert whole.trainer.train()

    losses: dict[int, float] = {}
    is_over = False
    while not is_over:
        part = _Run(tmp_path, minutes=MOMENT, begins_word=begins)
        is_over = part.trainer.train()
        assert len(part.losses) == 1
        losses |= part.losses

    assert losses == whole.losses
    assert sorted(losses) == list(range(1, 11))
    for name, weight in whole.model.state_dict().items():
        assert torch.equal(part.model.state_dict()[name], weight), name


def test_it_learns(tmp_path: Path) -> None:
    """On rows of five tokens out of fifty the loss falls."""
    section = SECTION.model_copy(update={"epochs": 8, "learning_rate": 0.02})
    run = _Run(tmp_path, section)

    run.trainer.train()

    assert run.losses[80] < run.losses[1] - 0.5


def test_a_finished_run_takes_no_step(tmp_path: Path) -> None:
    """Started once more after its end, a run is over at once and unchanged."""
    _Run(tmp_path).trainer.train()
    again = _Run(tmp_path)

    assert again.trainer.train()
    assert again.losses == {}


def test_a_file_ends_it(tmp_path: Path) -> None:
    """Where the file is there, the rate falls to zero from then on, and the run ends."""
    for _ in range(4):
        _Run(tmp_path, minutes=MOMENT).trainer.train()
    (tmp_path / "finish").touch()
    run = _Run(tmp_path)

    assert run.trainer.train()
    assert list(run.figures) == [5, 6]
    assert run.figures[5]["learning_rate"] == SECTION.learning_rate
    assert 0 < run.figures[6]["learning_rate"] < SECTION.learning_rate


def test_a_budget_ends_it_in_time(tmp_path: Path) -> None:
    """A run of very many epochs ends within its minutes, its decay among them."""
    endless = SECTION.model_copy(update={"epochs": 1e6, "minutes": 0.02})
    run = _Run(tmp_path, endless)

    assert run.trainer.train()
    schedule = run.trainer.schedule
    assert schedule.last < 1e6
    assert schedule.last - schedule.decay_from == pytest.approx(
        0.1 * schedule.last, abs=2
    )
    state = load_checkpoint(run.session.checkpoint)
    assert state is not None
    assert state["seconds"] < 60 * 0.02 * 2


def test_a_budget_counts_all_sessions(tmp_path: Path) -> None:
    """What a session took is gone from the minutes of those that come later."""
    budget = SECTION.model_copy(update={"epochs": 1e6, "minutes": 0.02})
    first = _Run(tmp_path, budget, minutes=0.015)
    assert not first.trainer.train()

    second = _Run(tmp_path, budget)

    assert second.trainer.train()
    assert len(second.losses) < len(first.losses)


@pytest.mark.parametrize("change", ["rows", "model"])
def test_another_runs_checkpoint_is_refused(tmp_path: Path, change: str) -> None:
    """A checkpoint of other rows or of another model is not gone on from."""
    _Run(tmp_path, minutes=MOMENT).trainer.train()
    if change == "model":
        state = load_checkpoint(tmp_path / "c.pt")
        assert state is not None
        state["model"].popitem()
        torch.save(state, tmp_path / "c.pt")

    with pytest.raises(CheckpointError, match="another run"):
        _Run(tmp_path, made_of="others" if change == "rows" else "these rows")


def test_divergence_is_an_error(tmp_path: Path) -> None:
    """A loss that is not a number stops the run, and is never made a checkpoint."""
    _Run(tmp_path, minutes=MOMENT).trainer.train()
    run = _Run(tmp_path)
    torch.nn.init.constant_(run.model.lm_head.dense.weight, float("nan"))

    with pytest.raises(DivergedError, match="nan by step 2"):
        run.trainer.train()
    assert (load_checkpoint(tmp_path / "c.pt") or {})["step"] == 1


def test_too_little_text_is_an_error(tmp_path: Path) -> None:
    """Fewer rows than a batch has are refused, with both numbers."""
    with pytest.raises(RecipeError, match="40 sequences make no batch of 64"):
        _Run(tmp_path, SECTION.model_copy(update={"batch_sequences": 64}))


@pytest.mark.slow
def test_compiled_it_computes_the_same(tmp_path: Path) -> None:
    """What torch compiles has the losses of what it does not."""
    (tmp_path / "plain").mkdir()
    plain = _Run(tmp_path / "plain")
    plain.trainer.train()
    compiled = _Run(tmp_path, SECTION.model_copy(update={"compiled": True}))

    compiled.trainer.train()

    # Where a processor has bf16, both round to it, each in an order of its own.
    assert compiled.losses == pytest.approx(plain.losses, abs=1e-3)

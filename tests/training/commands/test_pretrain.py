"""``kiemtin pretrain`` as it is typed."""

import tomllib
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from training.commands.pretrain import STAGES, app
from training.pretraining.recipe import PretrainRecipe
from training.pretraining.rehearsal import rehearsed
from training.pretraining.stages import Stage
from training.recipes import load_recipe

RUN = CliRunner()


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recipe of a few steps, as a file."""
    import tomli_w  # noqa: PLC0415 -- of the training extra, like what is tested

    little = rehearsed(load_recipe("pretrain-smoke", PretrainRecipe))
    path = tmp_path_factory.mktemp("recipe") / "little.toml"
    values = little.model_dump(mode="json", exclude_none=True)
    path.write_text(tomli_w.dumps(values), encoding="utf-8")
    return path


def _invoke(*arguments: object) -> str:
    result = RUN.invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.filterwarnings("default")  # sqlalchemy, of mlflow
def test_one_command_makes_an_encoder_and_another_joins_it(
    recipe: Path, raw_text: Path, tmp_path: Path
) -> None:
    """From raw text to pieces, and from pieces to an encoder."""
    out = tmp_path / "encoder"
    store = f"sqlite:///{tmp_path / 'mlflow.db'}"

    said = _invoke(
        "--recipe", recipe, "--corpora", raw_text, "--out", out, "--store", store
    )
    assert said == f"the encoder is in {out}\n"
    joined = _invoke("join", out / "pieces", "--out", tmp_path / "joined")

    assert joined == f"the encoder is in {tmp_path / 'joined'}\n"
    assert (tmp_path / "joined" / "model.safetensors").exists()
    assert (tmp_path / "mlflow.db").exists()


def test_a_stage_and_a_session_leave_the_rest_to_do(
    recipe: Path, raw_text: Path, tmp_path: Path
) -> None:
    """What is asked for is done, without a store, and what is left is said."""
    first = (
        "--recipe",
        recipe,
        "--corpora",
        raw_text,
        "--out",
        tmp_path,
        "--store",
        "",
    )

    said = _invoke(*first, "--only", "tokenizer", "--only", "shards")
    assert "will go on" in said
    assert not (tmp_path / "checkpoint.pt").exists()
    said = _invoke(*first, "--session-minutes", 1e-9, "--minutes", 3)

    assert "will go on" in said
    assert (tmp_path / "checkpoint.pt").exists()
    resolved = tomllib.loads((tmp_path / "recipe.toml").read_text())
    assert resolved["masked_lm"]["minutes"] == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--recipe is missing"),
        (("--recipe", "pretrain-smoke", "--only", "dreams"), "'dreams' is none of"),
    ],
)
def test_what_cannot_be_done_is_refused(arguments: tuple[str, ...], said: str) -> None:
    """A missing recipe and an unknown stage end with status 2."""
    result = RUN.invoke(app, list(arguments))

    assert result.exit_code == 2
    assert said in result.output


def test_the_stages_are_those_there_are() -> None:
    """The command, which loads no torch to say so, knows every stage."""
    assert tuple(Stage) == STAGES
    assert isinstance(app, typer.Typer)

"""Which documents are drawn, and how often."""

import json
import lzma
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.errors import CorpusMissingError
from training.preparation.load import read_rows
from training.pretraining.corpus import ROWS, draw_documents
from training.pretraining.recipe import CorpusShare, PretrainRecipe, RowShare
from training.recipes import load_recipe
from training.splits import Split

SMOKE = load_recipe("pretrain-smoke", PretrainRecipe)
N = 400


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one file of numbered documents of two sources."""
    folder = tmp_path_factory.mktemp("corpora")
    with lzma.open(folder / "some.jsonl.xz", "wt", encoding="utf-8") as f:
        for n in range(N):
            source = "stubs" if n % 4 == 0 else "pages"
            f.write(json.dumps({"src": source, "text": f"{source} {n:04}"}) + "\n")
    return folder


def _recipe(share: CorpusShare, rows: RowShare | None = None) -> PretrainRecipe:
    return SMOKE.model_copy(update={"corpora": (share,), "rows": rows})


def _texts(corpora: Path, share: CorpusShare) -> list[str]:
    return [d.text for d in draw_documents(_recipe(share), corpora, Path())]


@given(times=st.floats(0.05, 3))
def test_documents_come_as_often_as_the_recipe_says(
    corpora: Path, times: float
) -> None:
    """Each comes as many whole times, and once more by the chance that is left."""
    drawn = Counter(_texts(corpora, CorpusShare(file="some.jsonl.xz", times=times)))

    assert set(drawn.values()) <= {int(times), int(times) + 1}
    assert sum(drawn.values()) == pytest.approx(times * N, abs=0.15 * N)


def test_copies_do_not_stand_side_by_side(corpora: Path) -> None:
    """All documents come once before any comes again."""
    texts = _texts(corpora, CorpusShare(file="some.jsonl.xz", times=2))

    assert len(set(texts[:N])) == N


def test_copies_are_written_by_seeds_of_their_own(corpora: Path) -> None:
    """Each copy is stripped or perturbed by a draw of its own, the same every time."""
    recipe = _recipe(CorpusShare(file="some.jsonl.xz", times=2))
    seeds = [d.seed for d in draw_documents(recipe, corpora, Path())]

    assert len(set(seeds)) == 2 * N
    assert seeds == [d.seed for d in draw_documents(recipe, corpora, Path())]


def test_a_source_can_weigh_less(corpora: Path) -> None:
    """Stubs are weighed down by their source, or left out."""
    share = CorpusShare(file="some.jsonl.xz", sources={"stubs": 0})

    assert {t.split()[0] for t in _texts(corpora, share)} == {"pages"}


def test_enough_is_enough(corpora: Path) -> None:
    """No more characters are read than the recipe asks for, but for the last text."""
    share = CorpusShare(file="some.jsonl.xz", million_chars=0.001)

    assert 1000 <= sum(map(len, _texts(corpora, share))) < 1010


def test_train_rows_come_and_no_others(corpora: Path, prepared: Path) -> None:
    """The rows of the prepared set are those that fine-tuning learns from."""
    share = CorpusShare(file="some.jsonl.xz", times=0)
    recipe = _recipe(share, RowShare(times=1))

    drawn = list(draw_documents(recipe, corpora, prepared))

    assert {d.source for d in drawn} == {ROWS}
    assert [d.text for d in drawn] == [r.text for r in read_rows(prepared, Split.TRAIN)]


def test_missing_file_is_an_error(tmp_path: Path) -> None:
    """A file that is not there is named, and where to look for it."""
    with pytest.raises(CorpusMissingError, match=r"no\.jsonl\.xz.*--corpora"):
        _texts(tmp_path, CorpusShare(file="no.jsonl.xz"))

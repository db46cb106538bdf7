"""Experts find the words that make a harm, and the gate the kind of text."""

import random
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from kiemtin.labels import Label
from kiemtin.manifest import Absence, Expert, Mixing
from kiemtin.text import normalize
from kiemtin.text.syllables import strip_marks
from kiemtin.wide import WidePart
from tests.fixtures.wide_rows import KINDS, row_of, wide_recipe, wide_rows
from training.corpora.row import Row
from training.errors import RecipeError
from training.evaluation.metrics import auc
from training.recipes import TrainRecipe
from training.wide.features import make_features, written
from training.wide.learning import kinds_of, learn_wide, reader_of

ROWS = wide_rows()
UNSEEN = wide_rows(seed=2)
FEW = [row_of("safesense", i, f"đồ dốt {i}", abusive=i % 2 == 0) for i in range(8)]


def _learn(rows: list[Row], recipe: TrainRecipe | None = None) -> WidePart:
    recipe = recipe or wide_recipe()
    assert recipe.wide is not None
    return learn_wide(recipe, recipe.wide, rows)


def _columns(part: WidePart, texts: list[str]) -> NDArray[np.float32]:
    return np.array([part.columns(normalize(t).text) for t in texts])


def _bytes(part: WidePart, folder: Path) -> bytes:
    part.save(folder / "wide.npz")
    return (folder / "wide.npz").read_bytes()


@pytest.fixture(scope="module")
def part() -> WidePart:
    """What is learnt from a few rows of three kinds."""
    return _learn(ROWS)


def test_each_label_has_an_expert_where_it_was_asked_for(part: WidePart) -> None:
    """Kinds are in the order of the rows, experts in that of the labels."""
    assert part.spec.kinds == tuple(KINDS)
    assert part.spec.experts == (
        Expert(label=Label.UNRELIABLE, kind="reintel"),
        Expert(label=Label.ABUSIVE, kind="victsd"),
        Expert(label=Label.SPAM, kind="vispamreviews"),
    )


@pytest.mark.parametrize("corpus", KINDS)
@pytest.mark.parametrize("read", [str, strip_marks], ids=["marked", "bare"])
def test_expert_finds_planted_words(
    part: WidePart, corpus: str, read: type[str]
) -> None:
    """It ranks rows that it has not seen as their authors do, with marks or without."""
    rows = [r for r in UNSEEN if r.corpus == corpus]
    label = KINDS[corpus].label
    column = len(KINDS) + [x.kind for x in part.spec.experts].index(corpus)

    said = _columns(part, [read(r.text) for r in rows])[:, column]

    truth = np.array([int(r.labels[label]) for r in rows])
    assert auc(truth, said.astype(np.float64)) > 0.98
    assert said[truth == 1].mean() > 1 > -1 > said[truth == 0].mean()


@pytest.mark.parametrize("n_kinds", [1, 2, 3])
@pytest.mark.parametrize("read", [str, strip_marks], ids=["marked", "bare"])
def test_gate_tells_the_kinds(n_kinds: int, read: type[str]) -> None:
    """Of one kind, of two or of more it says which one a text is of."""
    kinds = list(KINDS)[:n_kinds]
    part = _learn([r for r in ROWS if r.corpus in kinds])
    rows = [r for r in UNSEEN if r.corpus in kinds]

    gate = _columns(part, [read(r.text) for r in rows])[:, :n_kinds]

    found = [kinds[i] for i in gate.argmax(axis=1).tolist()]
    right = [a == r.corpus for a, r in zip(found, rows, strict=True)]
    assert np.mean(right) > 0.95


def test_logit_is_that_of_the_expert_of_the_kind(part: WidePart) -> None:
    """A planted word of reviews is spam in a review, and moves no other label."""
    rng = random.Random(3)
    review = KINDS["vispamreviews"]
    harmless, harmful = (
        dict(zip(Label, part.logits(review.say(rng, harmful=x)).tolist(), strict=True))
        for x in (False, True)
    )

    assert harmful[Label.SPAM] > 0 > harmless[Label.SPAM]
    assert harmful[Label.SCAM] == harmless[Label.SCAM] == 0


def test_one_byte_a_weight_is_enough(part: WidePart) -> None:
    """Packed, an expert says what the same regression says in full precision."""
    recipe = wide_recipe()
    texts = written(ROWS, recipe.augment.perturbed, recipe.seed)
    matrix = make_features(texts, part.spec.bits).matrix
    columns = _columns(part, [r.text for r in ROWS])[:, len(KINDS) :].T
    for expert, packed in zip(part.spec.experts, columns, strict=True):
        at = [i for i, r in enumerate(ROWS) if r.corpus == expert.kind]
        truth = [ROWS[i].labels[expert.label] for i in at]
        copies = [i + k * len(ROWS) for k in range(3) for i in at]
        model = LogisticRegression(class_weight="balanced", max_iter=300)

        plain = model.fit(matrix[copies], truth * 3).decision_function(matrix)

        assert packed == pytest.approx(plain[: len(ROWS)], abs=0.03)
        assert np.ptp(plain) > 2


def test_same_rows_give_the_same_bytes(part: WidePart, tmp_path: Path) -> None:
    """Learnt twice, the wide part is the same to the last bit."""
    assert _bytes(_learn(ROWS), tmp_path) == _bytes(part, tmp_path)


def test_small_corpus_is_no_kind(part: WidePart, tmp_path: Path) -> None:
    """Its rows teach neither the gate nor an expert, nor what is rare."""
    other = _learn([*FEW, *ROWS])

    assert other.spec == part.spec
    assert _bytes(other, tmp_path) == _bytes(part, tmp_path)


def test_kinds_are_corpora_with_enough_rows() -> None:
    """They come in the order in which they are met."""
    rows = [*FEW, *ROWS]

    assert kinds_of(rows, 1) == ("safesense", *KINDS)
    assert kinds_of(rows, len(FEW)) == ("safesense", *KINDS)
    assert kinds_of(rows, len(FEW) + 1) == tuple(KINDS)
    assert kinds_of(rows, 61) == ()


def test_no_kind_at_all_is_an_error_of_the_recipe() -> None:
    """A recipe that asks for more rows than there are is told how many it asks for."""
    with pytest.raises(RecipeError, match="no corpus has 20 rows"):
        _learn(FEW)


def test_label_that_nobody_gave_teaches_nothing() -> None:
    """Where all rows say no, or all yes, there is nothing to tell apart."""
    clean = [row_of("victsd", i, r.text, hate=False) for i, r in enumerate(UNSEEN)]
    scams = [row_of("ie403_smishing", i, f"nộp phí {i}", scam=True) for i in range(30)]

    spec = _learn([*clean, *scams, *ROWS]).spec

    assert spec.kinds == ("victsd", "ie403_smishing", "reintel", "vispamreviews")
    assert [(x.label, x.kind) for x in spec.experts] == [
        (KINDS[corpus].label, corpus) for corpus in KINDS
    ]


def test_absence_is_what_the_recipe_assumes() -> None:
    """A label is absent in kinds that are said to lack it, if no expert knows better."""
    wide = {
        "bits": 10,
        "least_rows": 20,
        "absent_below": {"spam": 0.03, "unreliable": 0.2},
        "absent_logit": -3,
    }
    assumed = [
        {"label": "spam", "corpora": ["vispamreviews", "victsd"], "weight": 0.5},
        {"label": "spam", "corpora": ["reintel", "safesense"], "weight": 0.1},
        {"label": "abusive", "corpora": ["reintel"], "weight": 0.1},
    ]

    part = _learn([*FEW, *ROWS], wide_recipe(wide=wide, assumed_negative=assumed))

    assert part.spec.absent == {
        Label.SPAM: Absence(kinds=("victsd", "reintel"), below=0.03, logit=-3)
    }
    comment = normalize("haha ơi vãi cơ mà").text
    assert part.logits(comment)[list(Label).index(Label.SPAM)] < -1


def test_network_speaks_alone_at_first(part: WidePart) -> None:
    """How much the wide part counts is not for train rows to say."""
    assert part.spec.mixing == dict.fromkeys(Label, Mixing(network=1, wide=0))


def test_texts_are_read_as_in_serving() -> None:
    """Before anything is learnt, texts are normalized and segmented as the recipe says."""
    read = reader_of(wide_recipe())

    assert read("Đồ\u200b  ngu") == normalize("Đồ\u200b  ngu").text

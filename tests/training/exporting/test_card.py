"""The card says who may use the weights, and what they are bad at."""

import pytest

from kiemtin.bundle import read_manifest
from kiemtin.bundles import COMPACT
from kiemtin.labels import Label
from kiemtin.manifest import REPORT_FILE, Manifest, Thresholds
from training.evaluation.functional import Capability
from training.evaluation.metrics import Figure
from training.evaluation.report import Report
from training.evaluation.slice_figures import SliceFigures
from training.exporting.card import model_card
from training.exporting.forms import Facts
from training.exporting.losses import ALL, Lost
from training.exporting.terms import encoder_terms
from training.exporting.variants import Attempt, ExportRecord
from training.recipes import TrainRecipe, load_recipe

_FACTS = {"megabytes": 8.8, "ms_per_post": 3.1, "logit_change": 0.1, "rows_independent": True}  # fmt: skip


@pytest.fixture
def manifest() -> Manifest:
    """That of the embedded bundle."""
    return read_manifest(COMPACT)


@pytest.fixture
def recipe() -> TrainRecipe:
    """The recipe of the compact bundle."""
    return load_recipe("compact", TrainRecipe)


@pytest.fixture
def old(manifest: Manifest) -> Report:
    """A report with nothing in it but what the first ones had."""
    found = Report.model_validate_json((COMPACT / REPORT_FILE).read_bytes())
    kept = {"name", "version", "created", "code", "environment", "data_digest",
            "split_version", "rows", "set_aside", "headline", "splits",
            "without_diacritics", "flagged", "thresholds"}  # fmt: skip
    return Report.model_validate(found.model_dump(include=kept))


def _attempt(form: str, refused: str) -> Attempt:
    lost = Lost(label=Label.HATE, corpus=ALL, rows=900, flips=4, macro_f1=0.002, rare_f1=0.0041)  # fmt: skip
    return Attempt.model_validate(
        {
            **_FACTS,
            "form": form,
            "variant": "int8",
            "score_change": 0.034,
            "golden_change": 0.012,
            "lost": [lost],
            "refused": refused,
        }
    )


def test_restricted_corpora_are_told(
    manifest: Manifest, recipe: TrainRecipe, old: Report
) -> None:
    """Trained on rows that may not be passed on, the weights are for research."""
    card = model_card(manifest, recipe, old)

    assert "**These weights are for research and evaluation**" in card
    assert "vihsd (research only)" in card
    assert "reintel (no stated terms)" in card
    assert "safesense (" not in card


def test_free_corpora_need_no_warning(
    manifest: Manifest, recipe: TrainRecipe, old: Report
) -> None:
    """Trained on rows that may all be passed on, there is nothing to say."""
    free = old.model_copy(update={"rows": {"train": {"safesense": 90, "samples": 20}}})

    card = model_card(manifest, recipe, free)

    assert "research and evaluation" not in card
    assert "CC BY-SA 4.0 | may be passed on" in card
    assert "ReINTEL" not in card
    assert "shop reviews" not in card


def test_corpus_without_a_source_states_nothing(
    manifest: Manifest, recipe: TrainRecipe, old: Report
) -> None:
    """Rows of yours are not taken for rows that may be passed on."""
    yours = old.model_copy(update={"rows": {"train": {"yours": 5}}})

    assert "yours (no stated terms)" in model_card(manifest, recipe, yours)


def test_old_report_makes_a_card(
    manifest: Manifest, recipe: TrainRecipe, old: Report
) -> None:
    """What was not measured then is left out, and nothing is left open."""
    card = model_card(manifest, recipe, old)

    assert "## Functional tests" not in card
    assert "## The graph" not in card
    assert "{{" not in card
    assert "None" not in card


def test_weakest_parts_are_told(
    manifest: Manifest, recipe: TrainRecipe, old: Report
) -> None:
    """Slices below their corpus come with both figures; capabilities with their cases."""
    weak = SliceFigures(
        slice="length.short", corpus="vihsd", label=Label.ABUSIVE, rows=321, positives=40,
        figures={"auc": Figure(value=0.611, low=0.55, high=0.67, rows=321)},
    )  # fmt: skip
    fine = weak.model_copy(update={"slice": "length.long", "figures": {
        "auc": Figure(value=0.999, low=0.99, high=1, rows=321)}})  # fmt: skip
    failing = Capability(
        name="benign.quotation", says="Quoting an insult to reject it is fine.",
        labels=(Label.ABUSIVE,), expect=False, cases=12, passed=3, failed=["a"],
        abstained=0, margin=-0.2,
    )  # fmt: skip
    update = {"slices": {"test": [weak, fine]}, "functional": [failing]}

    card = model_card(manifest, recipe, old.model_copy(update=update))

    whole = old.figure("test", "vihsd", "abusive.auc").value
    row = f"| vihsd | length.short | abusive | 0.611 (0.550 to 0.670) | {whole:.3f}"
    assert row in card
    assert "length.long" not in card
    assert "| Quoting an insult to reject it is fine. | 3 of 12 |" in card


def test_graph_and_its_losses_are_told(
    manifest: Manifest, recipe: TrainRecipe, old: Report
) -> None:
    """Which form was taken, what it lost, and what was refused before it."""
    record = ExportRecord(
        variant="int8",
        form="int8 by blocks of 64",
        attempts=[
            _attempt("int8 by row", "hate loses"),
            _attempt("int8 by blocks of 64", ""),
        ],
        fp32=Facts.model_validate({**_FACTS, "form": "fp32", "variant": "fp32"}),
    )
    update = {"export": record.model_dump(mode="json")}

    card = model_card(manifest, recipe, old.model_copy(update=update))

    assert "int8 by blocks of 64, 8.8 MB, 3.1 ms" in card
    assert "0.20 points of macro-F1 and 0.41 of the F1 of its rare class" in card
    assert "Refused before it: int8 by row (hate loses)." in card


def test_thresholds_and_abstention_are_told(
    manifest: Manifest, recipe: TrainRecipe, old: Report
) -> None:
    """Each label has a line, with the score from which it abstains."""
    banded = Thresholds(abstain=0.31, review=0.42, review_urgent=0.83)
    update = {"thresholds": dict.fromkeys(Label, banded)}

    card = model_card(manifest.model_copy(update=update), recipe, old)

    for label in Label:
        method = manifest.calibration[label].method
        assert any(
            str(label) in line and line.endswith(f"| 0.31 | 0.42 | 0.83 | {method} |")
            for line in card.splitlines()
        )


def test_every_published_sentence_is_about_a_trained_corpus(
    manifest: Manifest, recipe: TrainRecipe, old: Report
) -> None:
    """The compact bundle learned from all of them, so all its limits are told."""
    card = model_card(manifest, recipe, old)

    for words in ("Facebook posts of 2020", "politics abusive", "text messages", "shop reviews"):  # fmt: skip
        assert words in card


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("vinai/phobert-base", "MIT"),
        ("vinai/phobert-base-v2", "AGPL-3.0"),
        ("pretrain-compact", "our own"),
        ("/home/somebody/encoder", "not known"),
    ],
)
def test_terms_of_the_encoder_are_known(name: str, says: str) -> None:
    """PhoBERT is MIT and its second version AGPL; of a folder nothing is known."""
    assert encoder_terms(name).startswith(says)

"""The review policy: a file that is whole, or refused by name."""

from pathlib import Path

import pytest

from kiemtin.labels import Label, Recommendation
from serving.errors import ReasonNotAllowedError, ReviewPolicyError
from serving.review.outcomes import DISMISSING, UPHOLDING, Kind, Outcome, kind_of
from serving.review.policy import PACKAGED, ReviewPolicy

POLICY = ReviewPolicy.read()
TEXT = PACKAGED.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("label", "recommendation", "queue"),
    [
        (Label.SCAM, Recommendation.REVIEW, "scam"),
        (Label.SCAM, Recommendation.REVIEW_URGENT, "urgent"),
        (Label.HATE, Recommendation.REVIEW, "abuse"),
        (Label.UNRELIABLE, Recommendation.REVIEW, "unreliable"),
        (None, Recommendation.NONE, "other"),
    ],
)
def test_the_first_queue_whose_rules_hold(
    label: Label | None, recommendation: Recommendation, queue: str
) -> None:
    """Cases are sorted by the file, from top to bottom."""
    assert POLICY.route(label, "vi", recommendation).name == queue


def test_queues_by_language(tmp_path: Path) -> None:
    """A rule of languages takes what is not Vietnamese to people who read it."""
    rule = '[[queues]]\nname = "foreign"\nvi = "x"\nen = "x"\nlanguages = ["other"]\n'
    path = tmp_path / "policy.toml"
    path.write_text(TEXT.replace("[[queues]]", f"{rule}\n[[queues]]", 1), "utf-8")
    policy = ReviewPolicy.read(path)

    assert policy.route(Label.SCAM, "other", Recommendation.REVIEW).name == "foreign"
    assert policy.route(Label.SCAM, "vi", Recommendation.REVIEW).name == "scam"
    assert policy.digest != POLICY.digest


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_reasons(outcome: Outcome) -> None:
    """Whatever is decided, there is something to say for it."""
    assert POLICY.reasons_for(outcome)


def test_outcomes_are_of_two_kinds() -> None:
    """An outcome upholds or dismisses; only a reversal does neither."""
    assert {kind_of(x) for x in UPHOLDING} == {Kind.UPHOLD}
    assert {kind_of(x) for x in DISMISSING} == {Kind.DISMISS}
    assert {*UPHOLDING, *DISMISSING, Outcome.REVERSE} == set(Outcome)


def test_a_reason_of_another_outcome() -> None:
    """Satire is not dismissed as a clear violation; the answer lists what may be."""
    with pytest.raises(ReasonNotAllowedError, match="satire_or_humour"):
        POLICY.check_reason(Outcome.SATIRE, "clear_violation")


def test_a_reason_that_needs_words() -> None:
    """To say that a source contradicts is to name it."""
    with pytest.raises(ReasonNotAllowedError, match="note"):
        POLICY.check_reason(Outcome.CORRECT, "source_contradicts", "  ")
    POLICY.check_reason(Outcome.CORRECT, "source_contradicts", "Bộ Y tế, 2026-11-20")


def test_a_clause_of_another_label() -> None:
    """Who upholds a scam names a clause about scams."""
    POLICY.check_clause("scam.fraud", [Label.SCAM])
    for code, labels in (("hate.group", [Label.SCAM]), (None, [Label.SCAM])):
        with pytest.raises(ReasonNotAllowedError, match=r"scam\.fraud"):
            POLICY.check_clause(code, labels)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "abuse"', 'name = "scam"', "two queues"),
        ("random = 0.05", "random = 5", "shares.random"),
        ("random = 0.05", "", "shares.random"),
        ("seconds = 600", "seconds = 600\nminutes = 3", "lease.minutes"),
        ('outcomes = ["skip"]', 'outcomes = ["escalate"]', "no reason for skip"),
        ('name = "other"', 'name = "other"\nlabels = ["spam"]', "last queue"),
        ("[opening]", "[opening", "policy.toml"),
    ],
)
def test_a_file_that_cannot_be_used(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """It is refused with the place in it."""
    path = tmp_path / "policy.toml"
    path.write_text(TEXT.replace(old, new), "utf-8")

    with pytest.raises(ReviewPolicyError, match=said):
        ReviewPolicy.read(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A path that leads nowhere is named."""
    with pytest.raises(ReviewPolicyError, match=r"none\.toml"):
        ReviewPolicy.read(tmp_path / "none.toml")

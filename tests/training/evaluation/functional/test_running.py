"""A bundle passes a functional case when it flags as a person would."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kiemtin.bundles import COMPACT
from kiemtin.errors import EmptyTextError, InputError
from kiemtin.labels import Label, Recommendation
from kiemtin.manifest import Thresholds
from kiemtin.policy import SEVERITIES, Policy
from kiemtin.schemas import Item, ScoreOut, TextStateOut
from kiemtin.scoring import Scorer
from training.evaluation.functional import (
    Capability,
    CapabilityTest,
    Case,
    Expectation,
    load_capabilities,
    run_functional,
)

Opinion = Callable[[str], float]


class FixedScorer:
    """Scores all labels of a text alike, as it is told to; flags from one half on."""

    def __init__(
        self, opinion: Opinion, abstain: dict[Label, str] | None = None
    ) -> None:
        self.policy = Policy(
            version="fixed",
            thresholds=dict.fromkeys(Label, Thresholds(review=0.5, review_urgent=0.9)),
            severities=SEVERITIES,
        )
        self._opinion = opinion
        self._abstain = abstain or {}

    def score_batch(self, items: Sequence[Item]) -> list[ScoreOut | InputError]:
        """Score *items* in order."""
        return [self._score(item) for item in items]

    def _score(self, item: Item) -> ScoreOut:
        scores = dict.fromkeys(Label, self._opinion(item.text))
        return ScoreOut(
            id=item.id,
            scores=scores,
            flagged=self.policy.flag(scores, self._abstain),
            recommendation=Recommendation.NONE,
            abstain=self._abstain,
            reasons=[],
            text_state=TextStateOut(
                truncated=False,
                windows=1,
                windows_left_out=0,
                tokens=1,
                diacritic_ratio=0,
                normalizations={},
            ),
        )


def _capability(*labels: Label, expect: Expectation) -> CapabilityTest:
    paired = not isinstance(expect, bool)
    cases = tuple(
        Case(id=f"case-{i:02}", text=f"mưa {i}", pair=f"nắng {i}" if paired else None)
        for i in range(10)
    )
    return CapabilityTest(
        name="weather.rain",
        says="Rain is told from sun.",
        because="One gets wet.",
        labels=labels or tuple(Label),
        expect=expect,
        cases=cases,
    )


def _run(scorer: FixedScorer, test: CapabilityTest) -> Capability:
    (found,) = run_functional(scorer, [test])
    return found


def _rates(opinion: float) -> dict[Expectation, set[float]]:
    rates: dict[Expectation, set[float]] = {}
    for found in run_functional(FixedScorer(lambda _: opinion)):
        rates.setdefault(found.expect, set()).add(found.passed / found.cases)
    return rates


def test_who_flags_nothing_passes_what_must_not_be_flagged() -> None:
    """Silence is right on all harmless texts and pairs, and on no harmful text."""
    assert _rates(0.0) == {False: {1}, True: {0}, "same": {1}, "higher": {0}}


def test_who_flags_everything_passes_what_must_be_flagged() -> None:
    """Alarm is right on all harmful texts and pairs, and on no harmless text."""
    assert _rates(1.0) == {False: {0}, True: {1}, "same": {1}, "higher": {0}}


def test_same_means_the_same_flags() -> None:
    """A pair passes unless one half of it is flagged and the other is not."""
    test = _capability(expect="same")

    parted = _run(FixedScorer(lambda t: 0.9 if "mưa" in t else 0.1), test)
    together = _run(FixedScorer(lambda t: 0.9 if "mưa" in t else 0.6), test)

    assert (parted.passed, parted.margin) == (0, -0.8)
    assert (together.passed, together.margin) == (10, -0.3)


def test_higher_means_a_higher_score() -> None:
    """Thresholds play no part where one text must only score above another."""
    test = _capability(Label.UNRELIABLE, expect="higher")

    found = _run(FixedScorer(lambda t: 0.3 if "mưa" in t else 0.1), test)
    reverse = _run(FixedScorer(lambda t: 0.1 if "mưa" in t else 0.3), test)

    assert (found.passed, found.margin) == (10, 0.2)
    assert (reverse.passed, reverse.margin) == (0, -0.2)


def test_failures_are_named_and_margins_are_signed() -> None:
    """The ids of what failed are given, and how far from the threshold scores are."""
    test = _capability(Label.SCAM, expect=True)

    found = _run(FixedScorer(lambda t: 0.4 if t == "mưa 7" else 0.8), test)

    assert (found.cases, found.passed, found.failed) == (10, 9, ["case-07"])
    assert found.margin == pytest.approx((9 * 0.3 - 0.1) / 10)


def test_abstention_counts_as_not_flagged() -> None:
    """A label from which the bundle abstains is not flagged, and is counted."""
    scorer = FixedScorer(lambda _: 0.9, abstain={Label.SCAM: "uncertain"})

    harm = _run(scorer, _capability(Label.SCAM, expect=True))
    benign = _run(scorer, _capability(Label.SCAM, expect=False))
    other = _run(scorer, _capability(Label.SPAM, expect=True))

    assert (harm.passed, harm.abstained) == (0, 10)
    assert (benign.passed, benign.abstained) == (10, 10)
    assert (other.passed, other.abstained) == (10, 0)


def test_refused_text_is_an_error() -> None:
    """A scorer that cannot read our texts is broken, not wrong."""

    class Refusing(FixedScorer):
        def score_batch(self, items: Sequence[Item]) -> list[ScoreOut | InputError]:
            return [EmptyTextError("nothing") for _ in items]

    with pytest.raises(EmptyTextError):
        run_functional(Refusing(lambda _: 0.0))


def test_a_real_bundle_is_judged_by_its_thresholds(bundle: Path) -> None:
    """A bundle that knows one word for each harm flags where that word stands."""
    test = CapabilityTest(
        name="word.insult",
        says="The word is flagged.",
        because="It is an insult.",
        labels=(Label.ABUSIVE,),
        expect=True,
        cases=tuple(
            Case(id=f"word-{i:02}", text=f"mày {'ngu' if i < 8 else 'hay'} {i} lần")
            for i in range(10)
        ),
    )

    (found,) = run_functional(Scorer.load(bundle), [test])

    assert found.failed == ["word-08", "word-09"]


def test_embedded_bundle_gives_the_same_table_twice() -> None:
    """The table names all capabilities, adds up, and does not change between runs."""
    scorer = Scorer.load(COMPACT)
    tests = load_capabilities()

    table = run_functional(scorer, tests)

    assert table == run_functional(scorer)
    assert [x.name for x in table] == [x.name for x in tests]
    assert all(x.passed + len(x.failed) == x.cases for x in table)
    assert all(-1 <= x.margin <= 1 for x in table)
    assert 0.5 < sum(x.passed for x in table) / sum(x.cases for x in table) < 1

"""Protected speech is spared, on the rows chosen on and on others."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kiemtin.labels import Label
from tests.fixtures.judged import NONE, SECTION, a_pool, judged, with_hate_below
from training.calibrating.bands import flagged_posts
from training.calibrating.evidence import Evidence
from training.calibrating.intervals import TO_ANOTHER, wilson
from training.calibrating.rules import GRID, worth
from training.calibrating.sparing import Worths, spare
from training.recipes.outcome import ThresholdSection

ALONE = [x for x in Label if x is not Label.HATE]


def _worths(evidence: Evidence, section: ThresholdSection) -> Worths:
    return {x: worth(evidence, x, section) for x in ALONE}


def _flagged(scores: np.ndarray, chosen: dict[Label, float]) -> int:
    return int(flagged_posts(scores, chosen | {Label.HATE: 1.0}).any(axis=1).sum())


@given(
    seed=st.integers(0, 10_000),
    most=st.floats(0.02, 0.5),
    ratio=st.floats(0.5, 3),
    rule=st.sampled_from(["f1", "precision", "budget", "cost"]),
)
@settings(max_examples=15, deadline=None)
def test_bounds_hold_on_the_rows_chosen_on(
    seed: int, most: float, ratio: float, rule: str
) -> None:
    """All labels together flag few enough, counted and with room for other rows."""
    section = SECTION.model_copy(
        update={"rule": rule, "protected_flagged": most, "protected_ratio": ratio}
    )
    evidence = a_pool(seed)

    chosen = spare(_worths(evidence, section), evidence, section)

    n = len(evidence.protected.rows)
    flagged = _flagged(evidence.protected.scores, chosen)
    benign = evidence.benign()
    others = _flagged(benign, chosen) / len(benign)
    upper = wilson(flagged, n, errors=TO_ANOTHER)[1] if flagged else 0.0
    assert flagged / n <= upper <= most + 1e-9
    assert upper <= ratio * others + 1e-9


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_without_bounds_each_label_gets_its_best(seed: int) -> None:
    """Nothing is raised for speech that may be flagged."""
    section = SECTION.model_copy(
        update={"protected_flagged": 1, "protected_ratio": 1000}
    )
    evidence = a_pool(seed)
    worths = _worths(evidence, section)

    chosen = spare(worths, evidence, section)

    assert chosen == {x: GRID[np.argmax(w)] for x, w in worths.items()}


def test_no_two_labels_could_do_better() -> None:
    """What is lost for protected speech is no more than two labels have to lose."""
    section = SECTION.model_copy(update={"protected_flagged": 0.05})
    evidence = a_pool(11)
    worths = _worths(evidence, section)

    chosen = spare(worths, evidence, section)

    def total(choice: dict[Label, float]) -> float:
        return sum(
            float(w[np.searchsorted(GRID, choice[x])]) for x, w in worths.items()
        )

    def held(choice: dict[Label, float]) -> bool:
        n = len(evidence.protected.rows)
        flagged = _flagged(evidence.protected.scores, choice)
        others = _flagged(evidence.benign(), choice) / len(evidence.benign())
        upper = wilson(flagged, n, errors=TO_ANOTHER)[1] if flagged else 0.0
        return upper <= min(0.05, section.protected_ratio * others)

    assert held(chosen)
    for one in GRID[::8]:
        for two in GRID[::8]:
            other = chosen | {Label.SPAM: float(one), Label.ABUSIVE: float(two)}
            assert total(other) <= total(chosen) + 1e-6 or not held(other)


def test_the_label_that_flags_speech_is_raised() -> None:
    """Labels that leave protected speech alone do not pay for the one that does not."""
    evidence = a_pool(5)
    speech = np.full((200, len(Label)), 0.01)
    speech[:100, list(Label).index(Label.SPAM)] = 0.97
    bound = Evidence(evidence.dev, judged("speech", {}, speech), (), evidence.posts)
    worths = _worths(evidence, SECTION)

    chosen = spare(worths, bound, SECTION)

    best = {x: float(GRID[np.argmax(w)]) for x, w in worths.items()}
    assert chosen[Label.SPAM] > 0.97 > best[Label.SPAM]
    assert {x: t for x, t in chosen.items() if x is not Label.SPAM} == {
        x: t for x, t in best.items() if x is not Label.SPAM
    }


def test_speech_that_cannot_be_spared_switches_labels_off() -> None:
    """Where even certainty flags too much, nothing of it is flagged but certainty."""
    evidence = a_pool(5)
    speech = judged("speech", {}, np.full((50, len(Label)), 1.0))
    bound = Evidence(evidence.dev, speech, (), evidence.posts)

    chosen = spare(_worths(evidence, SECTION), bound, SECTION)

    assert max(chosen.values()) == GRID[-1]


def test_without_speech_nothing_is_raised() -> None:
    """No protected row, no bound: rehearsals may have none."""
    evidence = a_pool(5)
    free = Evidence(evidence.dev, NONE, (), evidence.posts)
    worths = _worths(evidence, SECTION)

    assert spare(worths, free, SECTION) == {
        x: GRID[np.argmax(w)] for x, w in worths.items()
    }


def test_bounds_hold_on_rows_that_were_not_seen() -> None:
    """Chosen on one half of protected speech, thresholds leave room for the other."""
    section = SECTION.model_copy(
        update={"protected_flagged": 0.15, "protected_ratio": 1000}
    )
    evidence = a_pool(8, n=200)
    worths = _worths(evidence, section)
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(10):
        speech = with_hate_below(rng.beta(1, 4, (400, len(Label))))
        seen = replace(evidence, protected=judged("speech", {}, speech[:200]))
        chosen = spare(worths, seen, section)
        shares.append(_flagged(speech[200:], chosen) / 200)

    assert np.mean(shares) < 0.13


def test_a_row_that_two_labels_flag_is_spared() -> None:
    """Where no label alone can spare anything, they are raised one after the other."""
    evidence = a_pool(5)
    speech = np.full((200, len(Label)), 0.01)
    two = [list(Label).index(x) for x in (Label.SPAM, Label.SCAM)]
    speech[:100, two] = 0.9
    bound = replace(evidence, protected=judged("speech", {}, speech))

    chosen = spare(_worths(bound, SECTION), bound, SECTION)

    assert _flagged(speech, chosen) == 0

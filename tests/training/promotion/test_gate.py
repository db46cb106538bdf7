"""The gate gives every reason, and none that chance explains."""

import pytest

from kiemtin.labels import Label
from training.errors import GateError
from training.evaluation.metrics import Figure
from training.promotion.evidence import Candidate, Evidence, Passed
from training.promotion.gaps import Gap
from training.promotion.gate import judge
from training.promotion.limits import load_limits

DATA = f"sha256:{'d' * 64}"
LIMITS = load_limits()


def share(value: float) -> Figure:
    """Return a share with an interval."""
    return Figure(value=value, low=value / 2, high=min(1, 2 * value), rows=240)


def candidate(**changes: object) -> Candidate:
    """Return a bundle that holds everything, but for *changes*."""
    values: dict[str, object] = {
        "version": "2",
        "digest": "sha256:x",
        "data_digest": DATA,
        "labels": tuple(Label),
        "protected": share(0.05),
        "benign": share(0.04),
        "functional": {"protected.denial": Passed(cases=12, failed=("a", "b"))},
        **changes,
    }
    return Candidate.model_validate(values)


def gap(difference: float, *, error: float = 0.005, p: float | None = None) -> Gap:
    """Return a gap with an interval of 1.96 errors to both sides."""
    return Gap(
        difference=difference,
        low=difference - 1.96 * error,
        high=difference + 1.96 * error,
        p_worse=p if p is not None else (1e-6 if difference < -3 * error else 0.5),
        rows=8000,
        figures=26,
    )


def evidence(challenger: Candidate | None = None, **changes: object) -> Evidence:
    """Return evidence that speaks for the challenger, but for *changes*."""
    values: dict[str, object] = {
        "data_digest": DATA,
        "corpora": ("vihsd",),
        "challenger": challenger or candidate(),
        "champion": candidate(version="1"),
        "overall": gap(0.01),
        "slices": {"political": gap(0.0), "length.long": gap(0.01)},
        **changes,
    }
    return Evidence.model_validate(values)


def failing(found: Evidence) -> list[str]:
    """Return the names of the checks that fail."""
    return [c.name for c in judge(found, LIMITS).checks if not c.holds]


def test_good_challenger_passes() -> None:
    """What is better, spares protected speech and proves itself becomes champion."""
    verdict = judge(evidence(), LIMITS)

    assert verdict.holds
    assert verdict.reasons == []
    verdict.require()


@pytest.mark.parametrize(
    ("difference", "error", "wanted"),
    [
        (0.0, 0.005, []),  # equal, as far as can be told
        (-0.004, 0.005, []),  # a little less, within noise
        (-0.004, 0.001, ["overall"]),  # a little less, and clearly so
        (0.0, 0.009, ["overall"]),  # nobody knows
        (0.02, 0.009, []),
        (-0.03, 0.005, ["overall"]),
    ],
)
def test_overall_may_be_equal_within_noise(
    difference: float, error: float, wanted: list[str]
) -> None:
    """It may neither lose clearly nor leave open whether it loses much."""
    assert failing(evidence(overall=gap(difference, error=error))) == wanted


def test_nothing_to_compare_on_is_a_reason() -> None:
    """A champion is not replaced where no row compares the two."""
    assert failing(evidence(overall=None)) == ["overall"]


def test_worse_slice_is_a_reason() -> None:
    """A slice that loses more than its tolerance beyond chance stops a better model."""
    found = evidence(slices={"length.long": gap(-0.05), "length.short": gap(0.05)})

    assert failing(found) == ["slice length.long"]


def test_slice_may_lose_its_tolerance_clearly() -> None:
    """A loss that is certain and small is no reason."""
    found = evidence(slices={"length.long": gap(-0.019, error=0.001)})

    assert failing(found) == []


def test_slices_of_their_own_have_their_own_tolerance() -> None:
    """Posts with political terms may lose less than others."""
    loss = gap(-0.015, error=0.001)

    assert failing(evidence(slices={"length.long": loss})) == []
    assert failing(evidence(slices={"political": loss})) == ["slice political"]


def test_many_slices_are_not_blamed_for_one_bad_draw() -> None:
    """The more slices of a kind there are, the less likely a loss must be to count."""
    bad = gap(-0.05, p=0.01)
    others = {f"topic.{i}": gap(0.0) for i in range(9)}

    assert failing(evidence(slices={"topic.a": bad})) == ["slice topic.a"]
    assert failing(evidence(slices={"topic.a": bad, **others})) == []
    apart = {"length.long": bad, **others}
    assert failing(evidence(slices=apart)) == ["slice length.long"]


@pytest.mark.parametrize(
    ("protected", "benign", "wanted"),
    [
        (0.08, 0.08, []),
        (0.0801, 0.08, ["protected"]),
        (0.06, 0.04, []),
        (0.07, 0.04, ["protected ratio"]),
        (0.227, 0.12, ["protected", "protected ratio"]),
        (0.0, 0.0, []),
        (0.01, 0.0, ["protected ratio"]),
    ],
)
def test_protected_speech_is_spared(
    protected: float, benign: float, wanted: list[str]
) -> None:
    """At most 8 % of it is flagged, and at most 1.5 times the share of other text."""
    found = candidate(protected=share(protected), benign=share(benign))

    assert failing(evidence(found)) == wanted


def test_bundle_that_does_not_prove_itself_is_refused() -> None:
    """A golden that does not hold is a reason, in its own words."""
    verdict = judge(evidence(candidate(unproven="golden a gets 0.9")), LIMITS)

    assert verdict.reasons == ["proof: golden a gets 0.9"]


def test_labels_stay_the_same() -> None:
    """A challenger with other labels is no challenger."""
    assert failing(evidence(candidate(labels=(Label.SPAM,)))) == ["labels"]


@pytest.mark.parametrize("digest", ["", f"sha256:{'e' * 64}"])
def test_other_splits_are_a_reason(digest: str) -> None:
    """Who learnt from other splits may have learnt the rows of this test."""
    assert failing(evidence(candidate(data_digest=digest))) == ["splits"]


def passed(*failed: str, cases: int = 12) -> Passed:
    """Return a capability of which some cases fail."""
    return Passed(cases=cases, failed=failed)


def cases(capabilities: int, lost: int = 0) -> dict[str, Passed]:
    """Return capabilities of one family, of the first of which cases fail."""
    found = {f"harmless.{i}": passed() for i in range(capabilities)}
    return {**found, "harmless.0": passed(*(f"a{i}" for i in range(lost)))}


@pytest.mark.parametrize(
    ("lost", "wanted"),
    [(0, []), (4, []), (5, ["functional harmless.0"])],
)
def test_capability_is_not_unlearnt(lost: int, wanted: list[str]) -> None:
    """Of twelve cases four may fall, whatever the others do."""
    found = evidence(
        candidate(functional=cases(9, lost)),
        champion=candidate(version="1", functional=cases(9)),
    )

    assert [n for n in failing(found) if n == "functional harmless.0"] == wanted


def test_families_are_not_lost_a_little_everywhere() -> None:
    """Two cases of each capability are no capability lost, but a family, and all."""
    worse = {n: passed("a", "b") for n in cases(9)}

    found = evidence(
        candidate(functional=worse),
        champion=candidate(version="1", functional=cases(9)),
    )

    assert sorted(failing(found)) == ["functional", "functional harmless"]


def test_other_cases_are_not_fewer() -> None:
    """A challenger that fails other cases, and as many, has lost nothing."""
    names = list(cases(9))

    found = evidence(
        candidate(functional={n: passed("a", "b") for n in names}),
        champion=candidate(
            version="1", functional={n: passed("c", "d") for n in names}
        ),
    )

    assert failing(found) == []


def test_new_capabilities_are_not_compared() -> None:
    """What the champion was never tried on is no loss."""
    found = candidate(functional={"new.one": passed(*"abcdefghijkl")})

    assert failing(evidence(found)) == []


def test_every_reason_is_given_at_once() -> None:
    """A refused challenger learns all that speaks against it."""
    found = evidence(
        candidate(protected=share(0.3), unproven="x", data_digest=""),
        overall=gap(-0.1),
        slices={"political": gap(-0.1)},
    )

    with pytest.raises(GateError) as caught:
        judge(found, LIMITS).require()

    names = ("proof", "splits", "protected", "protected ratio", "overall")
    assert all(f"{n}: " in str(caught.value) for n in (*names, "slice political"))


@pytest.mark.parametrize(
    ("floor", "wanted"), [(gap(0.1), []), (gap(-0.001), ["floor"]), (None, ["floor"])]
)
def test_first_champion_is_held_against_the_floor(
    floor: Gap | None, wanted: list[str]
) -> None:
    """Without a champion the absolute checks stand, and TF-IDF must not be better."""
    first = evidence(champion=None, overall=None, slices={}, floor=floor)

    assert failing(first) == wanted
    spoilt = first.model_copy(update={"challenger": candidate(protected=share(0.2))})
    assert "protected" in failing(spoilt)

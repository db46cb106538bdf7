"""What a bundle does on the functional tests, by the thresholds that it ships."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from kiemtin.errors import InputError
from kiemtin.labels import Label
from kiemtin.policy import Policy
from kiemtin.schemas import Item, ScoreOut
from training.evaluation.functional.loading import (
    CapabilityTest,
    Case,
    Expectation,
    load_capabilities,
)

_BATCH = 32


class Judge(Protocol):
    """What is tested: a bundle that scores, and the thresholds by which it flags."""

    @property
    def policy(self) -> Policy:
        """Return the thresholds."""

    def score_batch(self, items: Sequence[Item]) -> list[ScoreOut | InputError]:
        """Score *items* in order."""


class Capability(BaseModel):
    """
    How a bundle does on the cases of one capability.

    Attributes:
        name: Its family and its own, with a dot between them.
        says: The capability, in one sentence.
        labels: Which the expectation is about.
        expect: Of each case: that all these labels are flagged, or none; that they are
            flagged as for its pair; or that all score higher than for it.
        cases: How many there are.
        passed: In how many of them it is so.
        failed: The ids of the others.
        abstained: In how many the bundle abstains from one of the labels, which counts
            as not flagged.
        margin: By how much, on average, the label that does worst is on the right side:
            of its threshold, or of its pair's score; where the flags should be the
            same, minus the change of the score that moves most.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    says: str
    labels: tuple[Label, ...]
    expect: Expectation
    cases: int
    passed: int
    failed: list[str]
    abstained: int
    margin: float


def run_functional(
    scorer: Judge, tests: Sequence[CapabilityTest] | None = None
) -> list[Capability]:
    """
    Return how *scorer* does on each capability.

    Args:
        scorer: A loaded bundle.
        tests: By default all of ours.

    Raises:
        InputError: If it refuses a text.
    """
    tests = load_capabilities() if tests is None else tests
    cases = [case for test in tests for case in test.cases]
    scored = _score(scorer, [text for case in cases for text in case.texts])
    found = {case.id: [next(scored) for _ in case.texts] for case in cases}
    return [_capability(test, found, scorer.policy) for test in tests]


def _score(scorer: Judge, texts: Sequence[str]) -> Iterator[ScoreOut]:
    for at in range(0, len(texts), _BATCH):
        items = [Item("", text) for text in texts[at : at + _BATCH]]
        for result in scorer.score_batch(items):
            if isinstance(result, InputError):
                raise result
            yield result


def _capability(
    test: CapabilityTest, found: Mapping[str, list[ScoreOut]], policy: Policy
) -> Capability:
    failed = [c.id for c in test.cases if not _passes(test, found[c.id])]
    margins = [_margin(test, found[c.id], policy) for c in test.cases]
    return Capability(
        name=test.name,
        says=test.says,
        labels=test.labels,
        expect=test.expect,
        cases=len(test.cases),
        passed=len(test.cases) - len(failed),
        failed=failed,
        abstained=sum(_abstains(test, c, found) for c in test.cases),
        margin=round(sum(margins) / len(margins), 4),
    )


def _passes(test: CapabilityTest, results: Sequence[ScoreOut]) -> bool:
    if test.expect == "higher":
        return min(_changes(test, results)) > 0
    first, last = results[0].flagged, results[-1].flagged
    if test.expect == "same":
        return all(first[x] == last[x] for x in test.labels)
    return all(first[x] is test.expect for x in test.labels)


def _margin(test: CapabilityTest, results: Sequence[ScoreOut], policy: Policy) -> float:
    if test.expect == "higher":
        return min(_changes(test, results))
    if test.expect == "same":
        return -max(map(abs, _changes(test, results)))
    sign = 1 if test.expect else -1
    above = _differences(test.labels, results[0].scores, _review(policy))
    return min(sign * x for x in above)


def _changes(test: CapabilityTest, results: Sequence[ScoreOut]) -> list[float]:
    first, last = (r.scores for r in results)
    return list(_differences(test.labels, first, last))


def _differences(
    labels: Iterable[Label], ours: Mapping[Label, float], theirs: Mapping[Label, float]
) -> Iterator[float]:
    return (ours[x] - theirs[x] for x in labels)


def _review(policy: Policy) -> dict[Label, float]:
    return {x: t.review for x, t in policy.thresholds.items()}


def _abstains(
    test: CapabilityTest, case: Case, found: Mapping[str, list[ScoreOut]]
) -> bool:
    return any(x in r.abstain for r in found[case.id] for x in test.labels)

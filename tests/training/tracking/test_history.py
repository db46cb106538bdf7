"""The record of champions tells who was champion before whom."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.tracking.history import Decision, History, Kind, replay
from training.tracking.store import open_store

# MLflow and its database layer warn of themselves.
pytestmark = pytest.mark.filterwarnings("default")


def _decision(kind: Kind, version: str, minute: int = 0, **more: str) -> Decision:
    values = {
        "kind": kind,
        "version": version,
        "digest": "sha256:x",
        "by": "Bình",
        "reason": "tốt hơn",
        "when": datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minute),
        **more,
    }
    return Decision.model_validate(values)


@given(st.lists(st.tuples(st.sampled_from(Kind), st.sampled_from(["done", "dropped"]))))
def test_a_rollback_undoes_the_last_promotion_that_stands(
    steps: list[tuple[Kind, str]],
) -> None:
    """Promotions and rollbacks that took effect are a stack; others change nothing."""
    wanted: list[str] = []
    made = []
    for i, (kind, outcome) in enumerate(steps):
        made.append(_decision(kind, str(i), i, outcome=outcome))
        if outcome == "done" and kind is Kind.PROMOTION:
            wanted.append(str(i))
        elif outcome == "done" and kind is Kind.ROLLBACK:
            wanted = wanted[:-1]

    assert replay(made[::-1]) == wanted


def test_decision_is_kept_as_it_was_made(store: str) -> None:
    """What was written is what is read, the newest first, in any script."""
    history = History(open_store(store))
    first = _decision(Kind.PROMOTION, "1", before="", data_digest="sha256:d")
    second = _decision(Kind.REFUSAL, "2", 1, before="1")

    for x in (first, second):
        history.close(history.open(x, {"figures": {"a": 1}}), done=True)

    done = {"outcome": "done"}
    assert history.decisions() == [x.model_copy(update=done) for x in (second, first)]


@pytest.mark.parametrize(("champion", "outcome"), [("2", "done"), ("1", "dropped")])
def test_cut_short_decision_is_settled_by_the_alias(
    store: str, champion: str, outcome: str
) -> None:
    """An open entry took effect if what it decided is champion, else it did not."""
    history = History(open_store(store))
    history.close(history.open(_decision(Kind.PROMOTION, "1"), {}), done=True)
    history.open(_decision(Kind.PROMOTION, "2", 1, before="1"), {})
    assert history.decisions()[0].outcome == "pending"

    history.settle(champion)

    assert history.decisions()[0].outcome == outcome
    assert history.champions()[-1] == champion

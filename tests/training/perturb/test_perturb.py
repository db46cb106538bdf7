"""The registry of perturbations: seeded, bounded, and careful with what they keep."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.texts import ANY_TEXT
from training.perturb import PERTURBATIONS, Half, perturb

GOLDENS = json.loads(
    Path(__file__).with_name("goldens.json").read_text(encoding="utf-8")
)
TEXT = GOLDENS["text"]

NAMES = st.sampled_from(sorted(PERTURBATIONS))
HALVES = st.sampled_from(Half)

KEPT = (
    "https://a.vn/b?c=d",
    "www.vay-tien.example",
    "0912.345.678",
    "@an_1",
    "an.b@c.vn",
    "10:30",
    "1/2",
    "1.500.000",
    "5tr",
    "covid19",
    "&amp;",
    "<url>",
)


@pytest.mark.parametrize("half", Half)
@pytest.mark.parametrize("name", PERTURBATIONS)
def test_golden(name: str, half: Half) -> None:
    """A seed gives the same text on every machine, today and tomorrow."""
    assert perturb(name, TEXT, seed=7, half=half) == GOLDENS[name][half]


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_seed_and_half_decide_the_draw(name: str) -> None:
    """Another seed, or the other half, is another draw, wherever there is one."""
    text = f"{TEXT} " * 20
    draws = {
        perturb(name, text, seed=seed, half=half, strength=0.5)
        for seed in range(5)
        for half in Half
    }

    assert len(draws) == 10


@given(name=NAMES, half=HALVES, text=ANY_TEXT, seed=st.integers())
def test_any_text_can_be_changed(name: str, half: Half, text: str, seed: int) -> None:
    """Any string at all is taken, the empty one too, and gives the same twice."""
    once = perturb(name, text, seed=seed, half=half, strength=1)

    assert perturb(name, text, seed=seed, half=half, strength=1) == once
    assert perturb(name, "", seed=seed, half=half) == ""


@given(name=NAMES, half=HALVES, text=ANY_TEXT, seed=st.integers())
def test_strength_zero_changes_nothing(
    name: str, half: Half, text: str, seed: int
) -> None:
    """Where no word is drawn the text stays as it is."""
    assert perturb(name, text, seed=seed, half=half, strength=0) == text


@pytest.mark.parametrize("half", Half)
@pytest.mark.parametrize("name", PERTURBATIONS)
def test_stronger_changes_more(name: str, half: Half) -> None:
    """Strength is the part of the words that is drawn."""

    def n_changed(strength: float) -> int:
        texts = [f"Hoà, {w}; thuý. Không biết!" for w in ("ngu", "lừa đảo", "đẹp")]
        return sum(
            perturb(name, t, seed=s, half=half, strength=strength) != t
            for t in texts
            for s in range(30)
        )

    assert 0 < n_changed(0.05) < n_changed(0.9)


@pytest.mark.parametrize("half", Half)
@pytest.mark.parametrize("name", PERTURBATIONS)
def test_what_is_no_word_is_kept(name: str, half: Half) -> None:
    """Links, addresses, mentions, numbers and entities are what they were."""
    text = " không biết ".join(KEPT)

    for seed in range(5):
        changed = perturb(name, text, seed=seed, half=half, strength=1)
        assert [k for k in KEPT if k not in changed] == []


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan")])
def test_strength_is_a_part(strength: float) -> None:
    """A strength that is no part of anything is refused, with its limits."""
    with pytest.raises(ValueError, match=f"{strength} is not between 0 and 1"):
        perturb("split", TEXT, seed=0, half=Half.A, strength=strength)


def test_unknown_name_is_refused() -> None:
    """A name that does not exist changes nothing in silence."""
    with pytest.raises(KeyError, match="splitt"):
        perturb("splitt", TEXT, seed=0, half=Half.A)


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_long_text_is_changed_in_time(name: str) -> None:
    """A text of the longest length takes moments, whatever it is made of."""
    for piece in ("a", "a\u0301", "1", "1.", "&", "&#", "@a ", "không ", "a1"):
        perturb(name, piece * (65_536 // len(piece)), seed=0, half=Half.B)

"""Documents are written as the encoder will read posts."""

from hypothesis import given
from hypothesis import strategies as st

from kiemtin.text import normalize
from kiemtin.text.syllables import strip_marks
from training.pretraining.avoidance import Avoided
from training.pretraining.corpus import Drawn
from training.pretraining.recipe import PretrainRecipe
from training.pretraining.writing import Writer
from training.recipes import load_recipe

SMOKE = load_recipe("pretrain-smoke", PretrainRecipe)
TEXT = "Không biết hôm nay trời có đẹp không, cả nhà ơi! http://a.vn"


def _writer(avoided: Avoided | None = None, **changes: object) -> Writer:
    return Writer(SMOKE.model_copy(update=changes), avoided)


def _all(writer: Writer, n: int = 400) -> list[str]:
    return [writer.write(Drawn("some", TEXT, seed)) for seed in range(n)]


@given(st.text(st.characters(codec="utf-8")), st.integers(0, 2**32 - 1))
def test_a_plain_document_is_normalized(text: str, seed: int) -> None:
    """What is neither stripped nor perturbed is what serving would read."""
    written = _writer(stripped=0.0).write(Drawn("some", text, seed))

    assert written == normalize(text).text


def test_a_share_is_stripped() -> None:
    """Two fifths of the documents lose all their marks, the others none."""
    plain = normalize(TEXT).text

    written = _all(_writer(stripped=0.4))

    assert set(written) == {plain, strip_marks(plain)}
    assert 0.33 < written.count(strip_marks(plain)) / len(written) < 0.47


def test_a_share_is_perturbed() -> None:
    """A tenth of the documents is written otherwise, and normalized then."""
    plain = normalize(TEXT).text

    written = _all(_writer(stripped=0.0, perturbed={"typos": 0.1}))

    changed = [w for w in written if w != plain]
    assert 0.05 < len(changed) / len(written) < 0.15
    assert all(normalize(w).text == w for w in changed)


def test_avoided_documents_are_empty() -> None:
    """What touches an examined text is left out, however it would have been written."""
    writer = _writer(Avoided([TEXT]), stripped=0.5, perturbed={"teencode": 0.5})

    assert set(_all(writer, 20)) == {""}

"""The list of terms holds together."""

from collections import Counter
from itertools import pairwise
from unicodedata import normalize as normalize_letters

import pytest

from training.politics.terms import Term, all_terms, counterparts

TERMS = all_terms()
GROUPS = sorted({t.group for t in TERMS} - {""})


def test_each_term_stands_in_one_place() -> None:
    """No term is political here and everyday there."""
    counts = Counter(t.text for t in TERMS)

    assert [text for text, n in counts.items() if n > 1] == []


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("political", [True, False])
def test_each_side_has_something_to_swap_for(group: str, *, political: bool) -> None:
    """Wherever a term is found, there is a choice of others for its place."""
    others = counterparts(group, political=political)

    assert len(others) >= 10
    assert not {t.text for t in TERMS if t.political == political} & set(others)


def test_terms_are_written_plainly() -> None:
    """In lower case, with composed letters and one space, as they are looked up."""
    plain = [" ".join(normalize_letters("NFC", t.text.lower()).split()) for t in TERMS]

    assert plain == [t.text for t in TERMS]


def test_two_terms_never_share_a_marked_form() -> None:
    """Which group a marked text is swapped within is never a matter of order."""
    forms = sorted(
        (form, t.text) for t in TERMS for form in t.forms() if " ".join(form) == t.text
    )

    assert [a for a, b in pairwise(forms) if a[0] == b[0]] == []


def test_forms_are_with_and_without_marks() -> None:
    """Each syllable loses its marks for itself, or has its tone in the other place."""
    forms = {" ".join(f) for f in Term("ủy ban", "bodies", political=True).forms()}

    assert forms == {"ủy ban", "uỷ ban", "uy ban"}


def test_ambiguous_terms_keep_their_marks() -> None:
    """What is another word without its marks is looked for with them."""
    term = Term("tự do", "ideas", political=True, marked_only=True)

    assert term.forms() == {("tự", "do")}

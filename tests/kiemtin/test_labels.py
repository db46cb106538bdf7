"""The closed set of what we say."""

from kiemtin.labels import HEADS, Label, Recommendation


def test_order() -> None:
    """The order is that of the network's outputs; bundles depend on it."""
    assert [*Label] == ["unreliable", "abusive", "hate", "scam", "spam"]


def test_heads_give_every_label_once() -> None:
    """Each label comes from one head, in the same order."""
    assert [x for labels in HEADS.values() for x in labels] == list(Label)


def test_nothing_is_taken_down() -> None:
    """We recommend that people look, and nothing else."""
    assert set(Recommendation) == {"none", "review", "review_urgent"}

"""The three classes that the hate speech corpora share, as our labels."""

from kiemtin.labels import Label

CLASSES = ("0", "1", "2")


def harm_labels(value: str) -> dict[Label, bool]:
    """Return the labels of 0 (clean), 1 (offensive) or 2 (hate)."""
    return {Label.ABUSIVE: value != "0", Label.HATE: value == "2"}

"""What a manifest may say of the wide part."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from kiemtin.bundle import read_manifest
from kiemtin.labels import Label
from kiemtin.manifest import FILES, WIDE_FILE, Manifest, Wide
from tests.fixtures.tiny_bundle import WIDE


def test_wide_part_comes_with_its_file(bundle: Path, wide_bundle: Path) -> None:
    """The files of a bundle are seven with a wide part, and six without."""
    assert read_manifest(bundle).files == FILES
    assert read_manifest(wide_bundle).files == (*FILES, WIDE_FILE)


@pytest.mark.parametrize("format_version", [1, 2])
def test_older_formats_have_no_wide_part(bundle: Path, format_version: int) -> None:
    """What says nothing of a wide part is a bundle whose network speaks alone."""
    told = read_manifest(bundle).model_dump(exclude={"wide"})

    manifest = Manifest.model_validate(told | {"format_version": format_version})

    assert manifest.wide is None
    assert manifest.files == FILES


def test_absence_is_optional() -> None:
    """Where no label is known to be absent anywhere, nothing need be said of it."""
    told = WIDE.model_dump(exclude={"absent"})

    assert Wide.model_validate(told).absent == {}


Told = dict[str, Any]


def _mixed(told: Told, label: Label, **weights: float) -> None:
    told["mixing"][label].update(weights)


def _absent(told: Told, label: str, *kinds: str, **changes: float) -> None:
    absence = {"kinds": kinds, "below": 0.5, "logit": -2} | changes
    told["absent"][label] = absence


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda w: w.update(surprise=1), "surprise"),
        (lambda w: w.update(bits=0), "bits"),
        (lambda w: w.update(bits=23), "bits"),
        (lambda w: w.update(kinds=()), "kinds"),
        (lambda w: w.update(kinds=("post",)), "does not know comment"),
        (lambda w: w["experts"][0].update(kind="ad"), "does not know ad"),
        (lambda w: w["experts"][0].update(label="fake"), "experts"),
        (lambda w: w.update(kinds=("post", "comment", "post")), "names post twice"),
        (lambda w: w["experts"].append(w["experts"][1]), "names .*spam.* twice"),
        (lambda w: w["experts"].pop(), "scam is mixed with"),
        (lambda w: _absent(w, "hate", "ad"), "does not know ad"),
        (lambda w: _absent(w, "hate", "post", "ad"), "does not know ad"),
        (lambda w: _absent(w, "scam", "post"), "scam has an expert and is absent in"),
        (lambda w: _absent(w, "fake", "post"), "absent"),
        (lambda w: _absent(w, "hate", "post", below=0), "below"),
        (lambda w: _absent(w, "hate", "post", below=1.1), "below"),
        (lambda w: _absent(w, "hate", "post", logit=0), "logit"),
        (lambda w: _absent(w, "hate", "post", logit=float("nan")), "logit"),
        (lambda w: w["absent"].update(hate=("post",)), "absent"),
        (lambda w: w["mixing"].pop(Label.HATE), "has no mixing"),
        (lambda w: w.update(mixing={}), "has no mixing"),
        (lambda w: _mixed(w, Label.HATE, wide=0.1), "hate is mixed with"),
        (lambda w: _mixed(w, Label.SPAM, wide=-1), "greater than or equal"),
        (lambda w: _mixed(w, Label.SPAM, network=-1), "greater than or equal"),
        (lambda w: _mixed(w, Label.SPAM, network=float("inf")), "finite"),
    ],
)
def test_wide_part_that_makes_no_sense(
    change: Callable[[Told], None], said: str
) -> None:
    """Each kind and expert is named once, and what is said of them can be so."""
    told = WIDE.model_dump()
    told["experts"] = list(told["experts"])
    change(told)

    with pytest.raises(ValidationError, match=said):
        Wide.model_validate(told)

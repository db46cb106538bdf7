"""The wide part says what its linear models say, and is refused if it is not whole."""

from collections import defaultdict
from math import exp, fsum, log, sqrt
from pathlib import Path
from time import process_time
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiemtin.bundle import read_manifest
from kiemtin.errors import BundleCorruptError
from kiemtin.labels import Label
from kiemtin.manifest import Mixing
from kiemtin.text.grams import grams_of
from kiemtin.wide import WidePart, read_wide, weigh
from tests.fixtures.tiny_bundle import wide_part
from tests.fixtures.wide_parts import (
    N_BUCKETS,
    N_COLUMNS,
    SPEC,
    arrays_by_chance,
    part_of,
    saying,
)
from tests.kiemtin.text.pieces import TEXT

FLOAT = st.floats(-50, 50, width=32)
MOST_S = 1.0
"""Thirty times what the slowest takes."""


@pytest.fixture(scope="module")
def part() -> WidePart:
    """One with weights by chance, in a quarter of whose buckets no text fell."""
    return part_of(arrays_by_chance())


def _weighed(text: str) -> dict[int, float]:
    """Return the weight of each bucket of *text*, one by one."""
    grams, rarity = grams_of(text, SPEC.bits), arrays_by_chance()["rarity"].tolist()
    raw: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for bucket, count in zip(grams.buckets, grams.counts, strict=True):
        raw[bucket >> SPEC.bits][int(bucket)] = (1 + log(count)) * rarity[bucket]
    lengths = {view: sqrt(fsum(x * x for x in raw[view].values())) for view in raw}
    return {
        bucket: x / lengths[view] if x else 0
        for view, found in raw.items()
        for bucket, x in found.items()
    }


def _mixed(columns: list[float], label: Label) -> float:
    """Return the mean of what is said of *label*, and of its absence."""
    gate = {kind: exp(columns[i]) for i, kind in enumerate(SPEC.kinds)}
    of_experts = zip(SPEC.experts, columns[len(SPEC.kinds) :], strict=True)
    said = {e.kind: logit for e, logit in of_experts if e.label == label}
    present = fsum(gate[kind] for kind in said)
    mean = fsum(gate[k] * logit for k, logit in said.items()) / present if said else 0
    if label not in SPEC.absent:
        return mean
    absence = SPEC.absent[label]
    share = present / (present + fsum(gate[kind] for kind in absence.kinds))
    sure = min(1, share / absence.below)
    return sure * mean + (1 - sure) * absence.logit


@given(text=TEXT)
def test_each_view_has_length_one(text: str) -> None:
    """However long a text is, its words weigh as much as its characters."""
    grams = grams_of(text, SPEC.bits)
    buckets, weights = weigh(text, SPEC.bits, np.ones(N_BUCKETS, np.float16))

    assert buckets.tolist() == grams.buckets.tolist()
    for view in set(grams.views.tolist()):
        length = np.linalg.norm(weights[grams.views == view])
        assert length == pytest.approx(1, abs=1e-5)


@given(text=TEXT)
def test_weights_are_those_of_the_formula(text: str) -> None:
    """Repeated grams count by their logarithm, rare ones more, unknown ones nothing."""
    rarity = arrays_by_chance()["rarity"].astype(np.float16)

    buckets, weights = weigh(text, SPEC.bits, rarity)

    found = dict(zip(buckets.tolist(), weights.tolist(), strict=True))
    assert found == pytest.approx(_weighed(text), abs=1e-6)


@given(text=TEXT)
def test_columns_are_sums_of_weights(part: WidePart, text: str) -> None:
    """Gate and experts are plain linear models of what the text weighs."""
    weighed, arrays = (
        _weighed(text),
        {k: x.tolist() for k, x in arrays_by_chance().items()},
    )

    expected = [
        fsum(x * arrays["weights"][b][i] for b, x in weighed.items()) * scale + bias
        for i, (scale, bias) in enumerate(
            zip(arrays["scales"], arrays["bias"], strict=True)
        )
    ]
    assert part.columns(text).tolist() == pytest.approx(expected, abs=1e-3)


@given(columns=st.lists(FLOAT, min_size=N_COLUMNS, max_size=N_COLUMNS))
def test_gate_chooses_among_those_that_know(columns: list[float]) -> None:
    """Of the kinds of text in which a label is known, the likely ones are heard most."""
    logits = saying(columns).logits("xin chào")

    expected = [_mixed(columns, label) for label in Label]
    assert logits.tolist() == pytest.approx(expected, abs=1e-6)


@given(columns=st.lists(FLOAT, min_size=N_COLUMNS, max_size=N_COLUMNS))
def test_label_without_experts_is_left_alone(columns: list[float]) -> None:
    """Nothing is said where nothing is known, and where it is absent, just that."""
    logits = dict(zip(Label, saying(columns).logits("xin").tolist(), strict=True))

    assert logits[Label.UNRELIABLE] == 0
    assert logits[Label.ABUSIVE] == pytest.approx(columns[5])
    assert logits[Label.HATE] == pytest.approx(-2)


@pytest.mark.parametrize(
    ("gate", "scam"),
    [
        ((40, 0, 0), 7),
        ((0, 40, 0), -3),
        ((0, 0, 40), 7),
        ((0, log(3), 0), 7),
        ((0, log(7), 0), (7 - 3) / 2),
        ((0, log(39), 40), (7 - 9 * 3) / 10),
    ],
)
def test_sure_gate_hears_one(gate: tuple[float, ...], scam: float) -> None:
    """Where posts are next to comments unlikely, scam is absent in part, then wholly."""
    logits = saying([*gate, 0, 0, 0, 7]).logits("xin")

    assert logits[list(Label).index(Label.SCAM)] == pytest.approx(scam)


@pytest.mark.parametrize("far", [50, 800, 1e6])
def test_kinds_that_are_next_to_impossible_differ(far: float) -> None:
    """However sure the gate is of a comment, posts and reviews still know what they do."""
    columns = [-far, 0, 1 - far, 4, 6, 5, 7]
    spam = list(Label).index(Label.SPAM)

    assert saying(columns).logits("xin")[spam] == pytest.approx(-1)
    known = saying(columns, SPEC.model_copy(update={"absent": {}})).logits("xin")
    assert known[spam] == pytest.approx((4 + 6 * exp(1)) / (1 + exp(1)))
    assert known[list(Label).index(Label.SCAM)] == pytest.approx(7)


@pytest.mark.parametrize("text", ["", "!", "a", "\u0301", "😀", "\ud800"])
def test_hardly_a_text(part: WidePart, text: str) -> None:
    """A text of one sign or of none is weighed like any other."""
    assert np.isfinite(part.logits(text)).all()


@pytest.mark.parametrize(
    "text",
    [
        "a" * 60_000,
        "xin chào " * 6_667,
        "".join(map(chr, range(60_000))),
        "! " * 30_000,
    ],
    ids=["one letter", "two words", "all letters", "signs"],
)
def test_longest_text_takes_no_time(part: WidePart, text: str) -> None:
    """Sixty thousand characters are read to their end, whatever they are."""
    began = process_time()

    logits = part.logits(text)

    assert process_time() - began < MOST_S
    assert np.isfinite(logits).all()


def test_what_is_saved_is_what_is_loaded(part: WidePart, tmp_path: Path) -> None:
    """A wide part says the same after it was written and read."""
    part.save(tmp_path / "wide.npz")

    loaded = WidePart.load(tmp_path / "wide.npz", SPEC)

    for text in ("xin chào", "Đồ ngu!", "mua 1 tặng 1"):
        assert loaded.logits(text).tolist() == part.logits(text).tolist()


def test_equal_weights_are_equal_files(part: WidePart, tmp_path: Path) -> None:
    """The file says nothing of when it was written, so its checksum does not either."""
    part.save(tmp_path / "a.npz")
    part.save(tmp_path / "b.npz")

    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with ZipFile(tmp_path / "a.npz") as found:
        assert {x.date_time[0] for x in found.infolist()} == {1980}


@pytest.mark.parametrize("name", ["weights", "scales", "bias", "rarity"])
@pytest.mark.parametrize("change", ["missing", "longer", "flat", "pickled"])
def test_other_arrays_are_refused(tmp_path: Path, name: str, change: str) -> None:
    """Each array must be there, in the shape that the manifest gives it."""
    arrays = arrays_by_chance()
    found = arrays.pop(name)
    if change == "longer":
        arrays[name] = np.concatenate([found, found[:1]])
    elif change == "flat":
        arrays[name] = found[..., None]
    elif change == "pickled":
        arrays[name] = found.astype(object)
    np.savez_compressed(tmp_path / "wide.npz", **arrays)  # type: ignore[arg-type]  # by name

    with pytest.raises(BundleCorruptError, match=r"wide part"):
        WidePart.load(tmp_path / "wide.npz", SPEC)


def test_other_manifest_is_refused(part: WidePart, tmp_path: Path) -> None:
    """Weights of other buckets or experts are not those that the manifest describes."""
    part.save(tmp_path / "wide.npz")

    for update in ({"bits": 6}, {"experts": SPEC.experts[:-1]}, {"kinds": ("post",)}):
        with pytest.raises(BundleCorruptError, match="shapes"):
            WidePart.load(tmp_path / "wide.npz", SPEC.model_copy(update=update))


@pytest.mark.parametrize(
    "content", [None, b"", b"weights", b"PK\x03\x04", b"\x93NUMPY\x01\x00"]
)
def test_other_files_are_refused(tmp_path: Path, content: bytes | None) -> None:
    """What is no archive of arrays, or not there at all, is refused by its name."""
    if content is not None:
        (tmp_path / "wide.npz").write_bytes(content)

    with pytest.raises(BundleCorruptError, match=r"wide\.npz"):
        WidePart.load(tmp_path / "wide.npz", SPEC)


def test_single_array_is_refused(tmp_path: Path) -> None:
    """An array alone is no archive of them."""
    with (tmp_path / "wide.npz").open("wb") as f:
        np.save(f, arrays_by_chance()["weights"])

    with pytest.raises(BundleCorruptError, match=r"wide\.npz"):
        WidePart.load(tmp_path / "wide.npz", SPEC)


@pytest.mark.parametrize("part_read", [0.1, 0.5, 0.9])
def test_damaged_file_is_refused(
    part: WidePart, tmp_path: Path, part_read: float
) -> None:
    """A file that was cut short, or has a run of other bytes in it, is not read."""
    path = tmp_path / "wide.npz"
    part.save(path)
    whole = path.read_bytes()
    at = int(part_read * len(whole))

    for damaged in (whole[:at], whole[:at] + b"\xff" * 64 + whole[at + 64 :]):
        path.write_bytes(damaged)
        with pytest.raises(BundleCorruptError, match=r"wide\.npz"):
            WidePart.load(path, SPEC)


def test_bundle_has_a_wide_part_or_none(bundle: Path, wide_bundle: Path) -> None:
    """It is read where the manifest tells of it, and nowhere else."""
    found = read_wide(wide_bundle, read_manifest(wide_bundle))

    assert found is not None
    assert found.logits("khuyến").tolist() == wide_part().logits("khuyến").tolist()
    assert read_wide(bundle, read_manifest(bundle)) is None


def test_other_mixing_changes_no_logit(part: WidePart) -> None:
    """How it is mixed with the network is not its own matter."""
    mixing = dict.fromkeys(Label, Mixing(network=0.5, wide=0))

    other = part.with_mixing(mixing)

    assert other.spec.mixing == mixing
    assert other.logits("xin chào").tolist() == part.logits("xin chào").tolist()

"""ViHSD, VLSP-2019 and ViCTSD say what their authors say, and no more."""

from collections.abc import Callable
from pathlib import Path

from kiemtin.labels import Label
from tests.fixtures.reading import sort
from training.corpora import victsd, vihsd, vlsp2019_hsd

Write = Callable[..., Path]
CLASSES = [
    {Label.ABUSIVE: False, Label.HATE: False},
    {Label.ABUSIVE: True, Label.HATE: False},
    {Label.ABUSIVE: True, Label.HATE: True},
]


def test_vihsd_has_three_classes_in_two_files(write: Write) -> None:
    """Hate is a part of abusive, and a row id tells the file."""
    write("train.csv", "free_text,label_id", "a,0", "b,1")

    rows, aside = sort(vihsd.read(write("dev.csv", "free_text,label_id", "c,2")))

    assert [r.labels for r in rows] == CLASSES
    assert [r.row_id for r in rows] == ["train:1", "train:2", "dev:1"]
    assert [r.source_label for r in rows] == ["0", "1", "2"]
    assert aside == []


def test_vlsp2019_reads_label_id(write: Write) -> None:
    """The class is the number in label_id, wherever the column stands."""
    folder = write("train.csv", "id,free_text,label_id", "x,a,0", "y,b,1", "z,c,2")

    rows, _ = sort(vlsp2019_hsd.read(folder))

    assert [r.labels for r in rows] == CLASSES
    assert {r.corpus for r in rows} == {"vlsp2019_hsd"}


def test_victsd_says_nothing_of_hate(write: Write) -> None:
    """Toxicity is abuse, hate stays unknown, and what stood beside is a facet."""
    header = "Unnamed: 0,Comment,Constructiveness,Toxicity,Title,Topic"
    write("ViCTSD_train.csv", header, "7,a,1,0,T,TheGioi", "8,b,9,1,,TheGioi")

    rows, aside = sort(victsd.read(write("ViCTSD_valid.csv", header, "9,c,0,2,T,X")))

    assert [r.labels for r in rows] == [{Label.ABUSIVE: False}, {Label.ABUSIVE: True}]
    assert [r.groups for r in rows] == [{"title": "T"}, {}]
    assert rows[0].facets == {"topic": "TheGioi", "constructiveness": "1"}
    assert [a.reason for a in aside] == ["Toxicity is not one of 0, 1"]

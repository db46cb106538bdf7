"""ViHOS, ViTHSD, ViFactCheck and ViSNLI say more of a text than a label."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.reading import sort
from training.corpora import Head, vifactcheck, vihos, visnli, vithsd

Write = Callable[..., Path]
HIGHLIGHTED = "Unnamed: 0,content,index_spans"
TARGETED = "Unnamed: 0,content,individual,groups,religion/creed,race/ethnicity,politics"
CLAIM = "statement,evidence,label,url"
URL = "https://www.bao.example/tin-123.htm"


def test_vihos_marks_are_runs_of_code_points(write: Write) -> None:
    """Neighbouring indices are one span, and an emoji counts as one character."""
    line = '3,"đcm 😒 ngu quá","[0, 1, 2, 6, 7, 8]"'
    write("train.csv", HIGHLIGHTED, line)

    (row, clean), _ = sort(vihos.read(write("dev.csv", HIGHLIGHTED, "4,vui quá,[]")))

    assert [row.text[a:b] for a, b in row.spans] == ["đcm", "ngu"]
    assert (row.head, row.labels) == (Head.HIGHLIGHTS, {})
    assert (row.source_label, clean.source_label) == ("marked", "unmarked")


@pytest.mark.parametrize(
    ("spans", "reason"),
    [
        ('"[0, 9]"', "index_spans reaches outside of the text"),
        ('"[-1, 0]"', "index_spans reaches outside of the text"),
        ("", "index_spans is not a list of numbers"),
        ('"[true]"', "index_spans is not a list of numbers"),
        ('"{""a"": 1}"', "index_spans is not a list of numbers"),
    ],
)
def test_mark_outside_of_the_text_is_set_aside(
    write: Write, spans: str, reason: str
) -> None:
    """Marks that cannot be meant are not moved to where they might be."""
    write("dev.csv", HIGHLIGHTED)

    rows, aside = sort(
        vihos.read(write("train.csv", HIGHLIGHTED, f"1,ngu quá,{spans}"))
    )

    assert (rows, [a.reason for a in aside]) == ([], [reason])


def test_vithsd_gives_degrees_and_no_label(write: Write) -> None:
    """Offence to a target, politics among them, is no label of ours."""
    write("train.csv", TARGETED, "5,lũ quan,0,3,0,0,2", "6,chào,1,4,0,0,0")

    (row,), aside = sort(vithsd.read(write("dev.csv", TARGETED)))

    assert (row.targets["groups"], row.targets["politics"]) == (3, 2)
    assert (row.labels, row.source_label) == ({}, "3")
    assert [a.reason for a in aside] == ["groups is not one of 0, 1, 2, 3"]


def test_vifactcheck_holds_a_statement_against_evidence(write: Write) -> None:
    """The article may not cross, and its publisher is only a facet."""
    write("train_gold_evidence.csv", CLAIM, f"Giá tăng,Giá giảm,1,{URL}")
    write("dev_gold_evidence.csv", CLAIM, "Giá tăng,Giá giảm,1,không phải")

    (row,), aside = sort(
        vifactcheck.read(write("test_gold_evidence.csv", CLAIM, f"a,,0,{URL}"))
    )

    assert (row.text, row.evidence) == ("Giá tăng", "Giá giảm")
    assert (row.groups, row.facets) == ({"url": URL}, {"outlet": "bao.example"})
    assert (row.head, row.labels, row.source_label) == (Head.CLAIM, {}, "1")
    assert [a.reason for a in aside] == ["url is not an address", "empty text"]


def test_visnli_holds_a_hypothesis_against_a_premise(write: Write) -> None:
    """All hypotheses of one premise stay together."""
    header = "ID,Genre,Premise,Hypothesis,Label"
    write("train.csv", header, "N1,News,Trời mưa,Trời nắng,1")
    write("dev.csv", header, "N2,News,Trời mưa,Đường ướt,2")

    rows, _ = sort(visnli.read(write("test.csv", header)))

    assert [r.text for r in rows] == ["Trời nắng", "Đường ướt"]
    assert {r.groups["premise"] for r in rows} == {"Trời mưa"}
    assert [r.facets for r in rows] == [{"genre": "News"}] * 2

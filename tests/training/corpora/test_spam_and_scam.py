"""ViSpamReviews gives spam, IE403 gives scam, and neither gives anything else."""

from collections.abc import Callable
from pathlib import Path

from kiemtin.labels import Label
from tests.fixtures.reading import sort
from training.corpora import ie403_smishing, vispamreviews

Write = Callable[..., Path]


def test_each_kind_of_spam_is_spam(write: Write) -> None:
    """Fake reviews, brand reviews and non-reviews are one label."""
    header = "Rating,Comment,Label,SpamLabel"
    write("train.csv", header, "5,a,0,0", "5,b,1,1", "1,c,1,2", "1,d,1,3")

    rows, _ = sort(vispamreviews.read(write("dev.csv", header)))

    assert [r.labels[Label.SPAM] for r in rows] == [False, True, True, True]


def test_contradiction_is_set_aside(write: Write) -> None:
    """A review that is spam in one column and not in the other is neither."""
    header = "Rating,Comment,Label,SpamLabel"
    write("train.csv", header, "5,a,0,2", "5,b,1,0")

    rows, aside = sort(vispamreviews.read(write("dev.csv", header)))

    assert rows == []
    assert [a.reason for a in aside] == [
        "Label 0 contradicts SpamLabel 2",
        "Label 1 contradicts SpamLabel 0",
    ]


def test_sender_of_a_message_is_not_read(write: Write) -> None:
    """A message is judged by its words: no column of the sender is even needed."""
    folder = write("dataset_masked.csv", "content,label", "trúng thưởng,1", "OTP,0")

    rows, _ = sort(ie403_smishing.read(folder))

    assert [r.labels for r in rows] == [{Label.SCAM: True}, {Label.SCAM: False}]
    assert all(r.groups == r.facets == {} for r in rows)

"""What each label says of a text, and what it does not."""

from typing import NamedTuple

from kiemtin.labels import Label


class Meaning(NamedTuple):
    """Two sentences without their beginnings: the text is, and it does not mean."""

    says: str
    does_not_say: str


MEANINGS: dict[Label, Meaning] = {
    Label.UNRELIABLE: Meaning(
        "written like posts that annotators judged unreliable; needs checking",
        "that it is false: only evidence or a person says that",
    ),
    Label.ABUSIVE: Meaning("offensive or hateful", "that its author is bad"),
    Label.HATE: Meaning(
        "attacks people for what they are, or calls for harm; a part of abusive",
        "that a law is broken",
    ),
    Label.SCAM: Meaning(
        "tries to defraud its reader", "that anybody was defrauded, or who wrote it"
    ),
    Label.SPAM: Meaning(
        "unwanted promotion or noise", "that what it offers is bad or not there"
    ),
}

"""Frames survive whatever the line does to them."""

from hypothesis import given
from hypothesis import strategies as st

from serving.engine.frames import Frames, Head, pack, size_of, unpack

HEADS = st.dictionaries(st.text(), st.text() | st.integers() | st.none(), max_size=4)


@given(st.lists(st.tuples(HEADS, st.binary()), max_size=5), st.integers(1, 40))
def test_pieces_are_put_together(sent: list[tuple[Head, bytes]], size: int) -> None:
    """However the bytes are cut, the same frames come out, in order."""
    line = b"".join(pack(head, body) for head, body in sent)
    frames = Frames()

    got = [
        frame
        for at in range(0, len(line), size)
        for frame in frames.feed(line[at : at + size])
    ]

    assert got == sent


def test_half_a_surrogate_pair_gets_through() -> None:
    """A text that has no UTF-8 is refused by the scorer, not lost on the way."""
    frame = pack({"text": "a\ud800"})

    assert size_of(frame[:4]) == len(frame) - 4
    assert unpack(frame[4:]) == ({"text": "a\ud800"}, b"")

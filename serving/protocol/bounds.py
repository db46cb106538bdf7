"""What a connection may take of us."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """
    How long a connection is waited for, and how much is read of it.

    Attributes:
        head_s: How long the address and the headers of a request may take to come.
        head_bytes: How long they may be; more than ``HeaderLimit`` ever allows, so that
            most get its answer.
        stalled_s: How long a caller may take nothing of an answer.
        linger_s: How long what still comes of a body is read to nowhere, once it was
            answered: who is cut off while sending does not see the answer.
        linger_bytes: How much of it.
        pipelined: How many requests may come ahead of their answers.
    """

    head_s: float = 30
    head_bytes: int = 1 << 16
    stalled_s: float = 120
    linger_s: float = 10
    linger_bytes: int = 1 << 26
    pipelined: int = 100

"""Two ways to wait: for somebody who looks at a screen, and for everything else."""

from enum import StrEnum


class Lane(StrEnum):
    """Whose turn it is: a batch of hundreds never stands before one click."""

    INTERACTIVE = "interactive"
    BULK = "bulk"

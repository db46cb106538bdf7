"""Standard output, and what to do when it takes no more."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from kiemtin.errors import OutputUnwritableError

_SIGPIPE_STATUS = 128 + 13
"""What a shell says of a program whose reader went away."""


@contextmanager
def guarded_output() -> Iterator[None]:
    """
    End quietly when the reader of standard output is gone (``| head``).

    Raises:
        OutputUnwritableError: If it cannot be written for another reason.
    """
    try:
        yield
        sys.stdout.flush()
    except OSError as e:
        # What is still buffered would fail once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(e, BrokenPipeError):
            raise typer.Exit(_SIGPIPE_STATUS) from e
        raise OutputUnwritableError(e.strerror) from e

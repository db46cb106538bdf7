"""Processes that help with the work, and end with the one that began them."""

import os
import threading
from multiprocessing import connection, parent_process


def end_with_parent() -> None:
    """
    See to it that this process ends when the one that began it is gone.

    Nobody else tells a process of a pool that its parent was killed.
    """
    threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    if parent := parent_process():
        connection.wait([parent.sentinel])
        os._exit(1)

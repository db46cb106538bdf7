"""How many cores there are for us."""

import math
import os
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup/cpu.max")


def n_cores(limit: Path = _CGROUP) -> int:
    """Return how many cores this process may keep busy, a container's limit included."""
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    else:
        allowed = os.cpu_count() or 1
    try:
        # "200000 100000": in each 100 ms, 200 ms of processor time; or "max 100000".
        quota, period = limit.read_text().split()
        return max(1, min(allowed, math.ceil(int(quota) / int(period))))
    except (OSError, ValueError):
        return allowed

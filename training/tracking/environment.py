"""What a run was computed with: the code, the packages and the machine."""

import os
import platform
import subprocess
import sys
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parents[1]


def code_tags() -> dict[str, str]:
    """Return which kiemtin this is, and its commit where it runs from a checkout."""
    tags = {"kiemtin.version": version("kiemtin")}
    # A package in somebody else's repository is not of their commit.
    if _git("ls-files", "--error-unmatch", "__init__.py") is None:
        return tags
    tags["git.commit"] = _git("rev-parse", "HEAD") or "unknown"
    tags["git.dirty"] = str(bool(_git("status", "--porcelain"))).lower()
    return tags


def describe_environment() -> dict[str, Any]:
    """Return the interpreter, the machine and every installed package."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "gpus": _gpus(),
        "packages": {d.name: d.version for d in _by_name()},
    }


def _by_name() -> list[Any]:
    return sorted(distributions(), key=lambda d: d.name.lower())


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (x.partition(":")[2].strip() for x in lines if x.startswith("model name"))
    return next(names, platform.processor())


def _gpus() -> list[str]:
    """Return the accelerators, of a run that has loaded torch at all."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return []
    return [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]


def _git(*args: str) -> str | None:
    command = ["git", "-C", str(_PACKAGE), *args]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  # git, on our own folder
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()

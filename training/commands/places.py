"""Where commands find and leave things, unless they are told otherwise."""

import sys
from pathlib import Path

RAW = Path("data/raw")
PREPARED = Path("data/processed")
ENCODERS = Path("data/interim")
RUNS = Path("runs")
STORE = "sqlite:///mlruns/mlflow.db"


def log_to_stderr() -> None:
    """Keep standard output for what a command was asked for."""
    from kiemtin.logs import configure_logs

    configure_logs(json=not sys.stderr.isatty())

"""The one door to MLflow: what a run was given, what it reached, what it made."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mlflow

DEFAULT_STORE = "sqlite:///mlruns/mlflow.db"
ARTIFACTS = Path("mlruns/artifacts")


class Tracker:
    """The run that is going on."""

    def params(self, values: Mapping[str, Any]) -> None:
        """Record what the run was given; nested sections get dotted names."""
        mlflow.log_params(dict(_flat(values)))

    def metrics(self, values: Mapping[str, float], *, step: int | None = None) -> None:
        """Record what the run reached."""
        mlflow.log_metrics(dict(values), step=step)

    def folder(self, path: Path, name: str) -> None:
        """Keep the files of *path* with the run."""
        mlflow.log_artifacts(str(path), name)


@contextmanager
def tracked_run(name: str, *, store: str = DEFAULT_STORE) -> Iterator[Tracker]:
    """
    Track a run called *name* in *store*, a database or the address of a server.

    Artifacts of the default store lie in ``mlruns/artifacts``.
    """
    mlflow.set_tracking_uri(store)
    if store == DEFAULT_STORE:
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        if mlflow.get_experiment_by_name("kiemtin") is None:
            mlflow.create_experiment("kiemtin", ARTIFACTS.resolve().as_uri())
    mlflow.set_experiment("kiemtin")
    with mlflow.start_run(run_name=name):
        yield Tracker()


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        else:
            yield name, str(value)[:500]

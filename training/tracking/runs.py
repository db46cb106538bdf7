"""A run: what it was given, what it reached, what it made."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mlflow
import tomli_w
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag
from mlflow.tracking import MlflowClient
from pydantic import BaseModel

from kiemtin.bundle import bundle_digest
from training.errors import StoreError
from training.tracking.environment import code_tags, describe_environment
from training.tracking.registering import register
from training.tracking.store import (
    DEFAULT_STORE,
    find_experiment,
    global_store,
    open_store,
    store_errors,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["DEFAULT_STORE", "Tracker", "tracked_run"]

EXPERIMENT = "kiemtin"

_MOST_CHARS = 6000
"""Of a parameter; what MLflow keeps."""
_MOST_DIGEST_CHARS = 36


class Tracker:
    """The run that is going on; every method raises StoreError if it is not kept."""

    def __init__(self, client: MlflowClient, run_id: str) -> None:
        self.run_id = run_id
        self._client = client
        self._store = str(client.tracking_uri)

    def recipe(self, recipe: BaseModel) -> None:
        """Record the resolved recipe: its keys as parameters, all of it as TOML."""
        self.params(recipe.model_dump(mode="json"))
        values = recipe.model_dump(mode="json", exclude_none=True)
        self.text(tomli_w.dumps(values), "recipe.toml")

    def params(self, values: Mapping[str, Any]) -> None:
        """Record what the run was given; nested sections get dotted names."""
        found = [Param(k, str(v)[:_MOST_CHARS]) for k, v in _flat(values)]
        with store_errors(self._store):
            self._client.log_batch(self.run_id, params=found)

    def metrics(self, values: Mapping[str, float], *, step: int | None = None) -> None:
        """Record what the run reached, at the end or at a *step*."""
        now_ms = int(time.time() * 1000)
        found = [Metric(k, float(v), now_ms, step or 0) for k, v in values.items()]
        with store_errors(self._store):
            self._client.log_batch(self.run_id, metrics=found)

    def tags(self, values: Mapping[str, str]) -> None:
        """Record by what the run is to be found."""
        found = [RunTag(k, str(v)) for k, v in values.items()]
        with store_errors(self._store):
            self._client.log_batch(self.run_id, tags=found)

    def prepared(self, folder: Path, digest: str, *, context: str = "training") -> None:
        """Record which prepared set the run reads, and nothing of its rows."""
        self.tags({"data.digest": digest})
        short = digest.removeprefix("sha256:")[:_MOST_DIGEST_CHARS]
        source = json.dumps({"uri": str(folder.resolve())})
        dataset = Dataset("prepared", short, source_type="local", source=source)
        tags = [InputTag("mlflow.data.context", context)]
        with store_errors(self._store):
            self._client.log_inputs(self.run_id, [DatasetInput(dataset, tags)])

    def figure(self, figure: "Figure", name: str) -> None:
        """Keep a plot as the image *name*, such as ``plots/abusive.png``."""
        with store_errors(self._store):
            self._client.log_figure(self.run_id, figure, name)

    def json(self, content: Mapping[str, Any], name: str) -> None:
        """Keep *content* as the file *name*."""
        with store_errors(self._store):
            self._client.log_dict(self.run_id, dict(content), name)

    def text(self, content: str, name: str) -> None:
        """Keep *content* as the file *name*."""
        with store_errors(self._store):
            self._client.log_text(self.run_id, content, name)

    def file(self, path: Path, folder: str | None = None) -> None:
        """Keep the file *path*, in a *folder* of the run."""
        with store_errors(self._store):
            self._client.log_artifact(self.run_id, str(path), folder)

    def folder(self, path: Path, name: str) -> None:
        """Keep the files of *path* as the folder *name* of the run."""
        with store_errors(self._store):
            self._client.log_artifacts(self.run_id, str(path), name)

    def bundle(self, folder: Path, input_example: Sequence[str]) -> str:
        """
        Register the bundle in *folder* as the challenger and return its version.

        The same bundle is registered once, however often this is called.

        Args:
            folder: A bundle that proves itself.
            input_example: Texts of our own, which anyone may read.

        Raises:
            BundleError: If it does not hold; nothing is registered.
            StoreError: If the store does not keep it, or gives back something else.
        """
        version = register(self._client, self.run_id, folder, input_example)
        self.tags({"model.version": version, "bundle.digest": bundle_digest(folder)})
        return version


@contextmanager
def tracked_run(
    name: str,
    *,
    store: str = DEFAULT_STORE,
    nested: bool = False,
    tags: Mapping[str, str] | None = None,
) -> Iterator[Tracker]:
    """
    Track a run called *name*, with the code, packages and machine that compute it.

    Args:
        name: What people call it; runs may share a name.
        store: A database, whose artifacts lie beside it, or the address of a server.
        nested: Whether it is a part of the run that is going on.
        tags: By what it is to be found.

    Raises:
        StoreError: If the store cannot be reached or written.
    """
    client = open_store(store)
    with global_store(store):
        with store_errors(store):
            run = mlflow.start_run(
                run_name=name,
                experiment_id=find_experiment(client, EXPERIMENT),
                nested=nested,
                tags=code_tags() | dict(tags or {}),
                log_system_metrics=False,
            )
        tracker = Tracker(client, run.info.run_id)
        try:
            tracker.json(describe_environment(), "environment.json")
            yield tracker
        except BaseException as e:
            status = "KILLED" if isinstance(e, KeyboardInterrupt) else "FAILED"
            # What went wrong matters more than that the store is gone, too.
            with suppress(StoreError), store_errors(store):
                mlflow.end_run(status)
            raise
        with store_errors(store):
            mlflow.end_run()


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{name}.")
        else:
            yield name, value

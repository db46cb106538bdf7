"""Put a bundle into the registry: proven before, got back and compared after."""

import json
import tomllib
from collections.abc import Sequence
from importlib.metadata import requires, version
from pathlib import Path

import mlflow
import pandas as pd  # type: ignore[import-untyped]  # it ships no types
import structlog
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.tracking import MlflowClient
from mlflow.types.schema import ColSpec, DataType, Map, Schema
from packaging.requirements import Requirement

from kiemtin.goldens import check_goldens, read_goldens
from kiemtin.manifest import RECIPE_FILE, REPORT_FILE
from kiemtin.scoring import Scorer
from training.errors import StoreError
from training.tracking.registry import CHALLENGER, MODEL, Registered, Registry, State
from training.tracking.store import store_errors

log = structlog.get_logger()

_SERVED = Path(__file__).with_name("served.py")
_SIGNATURE = ModelSignature(
    inputs=Schema([ColSpec(DataType.string, "text")]),
    outputs=Schema(
        [
            ColSpec(Map(DataType.double), "scores", required=False),
            ColSpec(Map(DataType.boolean), "flagged", required=False),
            ColSpec(Map(DataType.string), "abstain", required=False),
            ColSpec(DataType.string, "recommendation", required=False),
            ColSpec(DataType.string, "error", required=False),
        ]
    ),
)


def register(
    client: MlflowClient, run_id: str, folder: Path, input_example: Sequence[str]
) -> str:
    """
    Register the bundle in *folder* as the challenger and return its version.

    A version stays without an alias until the store has given back, byte for byte,
    what it was given. If that is cut short, registering the same bundle again goes on
    with the version that is there; a bundle that is there already stays the only one.

    Raises:
        BundleError: If the bundle does not hold; nothing is registered.
        StoreError: If the store does not keep it, or gives back something else.
    """
    scorer = Scorer.load(folder)
    check_goldens(scorer, read_goldens(folder))
    registry = Registry(client)
    found = _known(registry, scorer.digest)
    if found is None:
        found = _create(registry, run_id, folder, scorer, input_example)
        if not registry.verify(found):
            msg = (
                f"{registry.store} does not give back what it was given: version "
                f"{found} is marked as broken"
            )
            raise StoreError(msg)
    registry.set_alias(CHALLENGER, found)
    log.info("registered", model=MODEL, version=found, digest=scorer.digest)
    return found


def _known(registry: Registry, digest: str) -> str | None:
    """Return the version that holds the bundle already, verified by now."""
    same = [x for x in registry.versions() if x.digest == digest]
    for x in sorted(same, key=lambda x: x.state is not State.VERIFIED):
        if x.state is State.VERIFIED or (
            x.state is State.UNVERIFIED and registry.verify(x.version)
        ):
            return x.version
    return None


def _create(
    registry: Registry,
    run_id: str,
    folder: Path,
    scorer: Scorer,
    input_example: Sequence[str],
) -> str:
    segmenter = scorer.manifest.segmenter.name
    with store_errors(registry.store):
        logged = mlflow.pyfunc.log_model(
            name="bundle",
            python_model=str(_SERVED),
            artifacts={"bundle": str(folder)},
            signature=_SIGNATURE,
            input_example=pd.DataFrame({"text": list(input_example)}),
            pip_requirements=_requirements(segmenter),
        )
        try:
            registry.client.create_registered_model(MODEL)
        except MlflowException as e:
            if e.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        created = registry.client.create_model_version(
            MODEL,
            logged.model_uri,
            run_id,
            tags=_describe(folder, scorer, run_id).tags(),
            model_id=logged.model_id,
        )
    return str(created.version)


def _describe(folder: Path, scorer: Scorer, run_id: str) -> Registered:
    recipe = tomllib.loads((folder / RECIPE_FILE).read_text(encoding="utf-8"))
    report = json.loads((folder / REPORT_FILE).read_text(encoding="utf-8"))
    return Registered(
        version="",
        state=State.UNVERIFIED,
        name=scorer.manifest.name,
        bundle_version=scorer.manifest.version,
        digest=scorer.digest,
        data_digest=report.get("data_digest", ""),
        permission=recipe.get("permission", "unstated"),
        run_id=run_id,
        created_ms=0,
    )


def _requirements(segmenter: str) -> list[str]:
    """Return kiemtin's base install, pinned to what proved the bundle."""
    extras = {"", "segmentation"} if segmenter != "none" else {""}
    needed = [Requirement(r) for r in requires("kiemtin") or ()]
    names = {
        r.name
        for r in needed
        if r.marker is None or any(r.marker.evaluate({"extra": x}) for x in extras)
    }
    pinned = [f"{n}=={version(n)}" for n in sorted(names | {"mlflow", "pandas"})]
    return [f"kiemtin=={version('kiemtin')}", *pinned]

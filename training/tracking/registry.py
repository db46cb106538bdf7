"""The registry of models: which bundles there are, and which of them is the champion."""

import shutil
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.models import Model
from mlflow.tracking import MlflowClient
from pydantic import BaseModel, ConfigDict

from kiemtin.bundle import bundle_digest, verify_files
from kiemtin.errors import BundleError
from training.errors import NoModelError, StoreError
from training.tracking.store import (
    DEFAULT_STORE,
    global_store,
    open_store,
    store_errors,
)

MODEL = "kiemtin"
CHAMPION = "champion"
CHALLENGER = "challenger"

_DIGEST, _STATE = "bundle.digest", "bundle.state"
_NAME, _VERSION = "bundle.name", "bundle.version"
_DATA, _PERMISSION = "data.digest", "data.permission"


class State(StrEnum):
    """How far a version got while it was registered."""

    UNVERIFIED = "unverified"
    """Nobody knows yet whether the store gives back what it was given."""
    VERIFIED = "verified"
    BROKEN = "broken"


class Registered(BaseModel):
    """A version in the registry and the bundle that it holds."""

    model_config = ConfigDict(frozen=True)

    version: str
    """The number that the registry gave it."""
    aliases: tuple[str, ...] = ()
    state: State
    name: str
    bundle_version: str
    """As its manifest has it."""
    digest: str
    data_digest: str
    """Of the splits that it was trained on."""
    permission: str
    """The least that the terms of its rows allow."""
    run_id: str
    created_ms: int

    def tags(self) -> dict[str, str]:
        """Return what the registry keeps of it beside the files."""
        return {
            _DIGEST: self.digest,
            _STATE: self.state,
            _NAME: self.name,
            _VERSION: self.bundle_version,
            _DATA: self.data_digest,
            _PERMISSION: self.permission,
        }


class Registry:
    """The versions of the model ``kiemtin`` in a store."""

    def __init__(self, client: MlflowClient) -> None:
        self.client = client
        self.store = str(client.tracking_uri)

    @classmethod
    def at(cls, store: str = DEFAULT_STORE) -> "Registry":
        """
        Return the registry in *store*.

        Raises:
            StoreError: If it cannot be reached or written.
        """
        return cls(open_store(store))

    def versions(self) -> list[Registered]:
        """Return every version, the newest first."""
        with store_errors(self.store):
            try:
                aliases = self.client.get_registered_model(MODEL).aliases
            except MlflowException as e:
                if e.error_code == "RESOURCE_DOES_NOT_EXIST":
                    return []
                raise
            found, token = [], None
            while token != "":
                page = self.client.search_model_versions(
                    f"name='{MODEL}'", page_token=token
                )
                found += [_registered(v, aliases) for v in page]
                token = page.token or ""
        return sorted(found, key=lambda x: int(x.version), reverse=True)

    def find(self, reference: str) -> Registered:
        """
        Return the version that *reference*, an alias or a number, stands for.

        Raises:
            NoModelError: If there is none.
        """
        versions = self.versions()
        for x in versions:
            if reference == x.version or reference in x.aliases:
                return x
        known = ", ".join(r for x in versions for r in (*x.aliases, x.version))
        msg = f"no {reference!r} in {self.store}; there are {known or 'no models'}"
        raise NoModelError(msg)

    def champion(self) -> Registered | None:
        """Return the version that is served, if there is one yet."""
        return next((x for x in self.versions() if CHAMPION in x.aliases), None)

    def resolve(self, reference: str, into: Path) -> Path:
        """
        Return a folder in *into* with the bundle that *reference* stands for.

        A bundle that lies there already is used again.

        Raises:
            NoModelError: If there is none.
            BundleError: If what came is not whole.
            StoreError: If it is another bundle, or none.
        """
        wanted = self.find(reference)
        target = into / f"{MODEL}-{wanted.version}"
        if not target.exists():
            into.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=into, prefix=".download-") as aside:
                whole = shutil.copytree(
                    self._download(wanted, Path(aside)), Path(aside) / "whole"
                )
                whole.rename(target)
        verify_files(target)
        if (found := bundle_digest(target)) != wanted.digest:
            msg = (
                f"version {wanted.version} of {self.store} is {found}, "
                f"not {wanted.digest}"
            )
            raise StoreError(msg)
        return target

    def set_alias(self, alias: str, version: str) -> None:
        """
        Let *alias* stand for *version*, and for no other.

        Raises:
            NoModelError: If there is no such version, or it was never verified.
        """
        found = self.find(version)
        if found.state is not State.VERIFIED:
            msg = f"version {version} is {found.state}: register its bundle again"
            raise NoModelError(msg)
        with store_errors(self.store):
            self.client.set_registered_model_alias(MODEL, alias, found.version)

    def mark(self, version: str, tags: Mapping[str, str]) -> None:
        """Record *tags* on *version*."""
        with store_errors(self.store):
            for key, value in tags.items():
                self.client.set_model_version_tag(MODEL, version, key, value)

    def verify(self, version: str) -> bool:
        """Get *version* back, record whether it is what was registered, return it."""
        with TemporaryDirectory() as folder:
            try:
                self.resolve(version, Path(folder))
            except (BundleError, StoreError):
                self.mark(version, {_STATE: State.BROKEN})
                return False
        self.mark(version, {_STATE: State.VERIFIED})
        return True

    def _download(self, wanted: Registered, aside: Path) -> Path:
        uri = f"models:/{MODEL}/{wanted.version}"
        with store_errors(self.store), global_store(self.store):
            root = mlflow.artifacts.download_artifacts(uri, dst_path=str(aside))
            flavors = Model.load(root).flavors
        kept = flavors.get("python_function", {}).get("artifacts", {}).get("bundle")
        if kept is None:
            msg = f"{self.store}: version {wanted.version} holds no bundle"
            raise StoreError(msg)
        return Path(root) / str(kept["path"])


def _registered(found: ModelVersion, aliases: Mapping[str, str]) -> Registered:
    tags = found.tags
    state = tags.get(_STATE, "")
    return Registered(
        version=str(found.version),
        aliases=tuple(
            sorted(a for a, v in aliases.items() if str(v) == str(found.version))
        ),
        state=State(state) if state in set(State) else State.UNVERIFIED,
        name=tags.get(_NAME, ""),
        bundle_version=tags.get(_VERSION, ""),
        digest=tags.get(_DIGEST, ""),
        data_digest=tags.get(_DATA, ""),
        permission=tags.get(_PERMISSION, ""),
        run_id=found.run_id or "",
        created_ms=int(found.creation_timestamp or 0),
    )

"""What is said of the models that are there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kiemtin.errors import BundleCorruptError
from kiemtin.models_folder import Found
from serving.engine import Model
from serving.rollout.refusals import Refusal, Refusals
from serving.schemas.models import ModelState

_UNREADABLE = Refusal(
    BundleCorruptError.code, "its manifest is not one that this code reads"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A model that is there, see ``KnownModelOut``."""

    name: str
    version: str
    digest: str
    state: ModelState
    since: datetime | None
    folder: str | None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """
    Which model is what.

    Attributes:
        active: The one that scores, if any does.
        since: Since when.
        previous: The digest of the one before; empty if unknown.
        shadow: The digest of the challenger; empty if there is none.
    """

    active: Model | None
    since: datetime
    previous: str
    shadow: str = ""


def list_models(
    bundles: Sequence[Found], standing: Standing, refusals: Refusals
) -> Iterator[Listed]:
    """
    Yield each model once, the active one first, even if its folder is gone.

    Args:
        bundles: What there is, that of the settings first.
        standing: Which of them is what.
        refusals: What did not prove itself.
    """
    configured = bundles[0].folder if bundles else None
    seen = set()
    if standing.active:
        seen.add(standing.active.digest)
        yield _list_active(standing.active, bundles, standing.since)
    for x in bundles:
        if x.digest in seen:
            continue
        seen.add(x.digest)
        refusal = refusals.of(x) or (None if x.manifest else _UNREADABLE)
        state = _state(x.digest, standing, refusal)
        is_previous = state is ModelState.PREVIOUS
        yield Listed(
            name=x.manifest.name if x.manifest else x.folder.name,
            version=x.manifest.version if x.manifest else "",
            digest=x.digest,
            state=state,
            since=standing.since if is_previous else x.since,
            folder=None if x.folder == configured else x.folder.name,
            refusal=refusal,
        )


def _list_active(active: Model, bundles: Sequence[Found], since: datetime) -> Listed:
    shelved = (x.folder.name for x in bundles[1:] if x.folder == active.folder)
    return Listed(
        name=active.out.name,
        version=active.out.version,
        digest=active.digest,
        state=ModelState.ACTIVE,
        since=since,
        folder=next(shelved, None),
    )


def _state(digest: str, standing: Standing, refusal: Refusal | None) -> ModelState:
    if refusal:
        return ModelState.REFUSED
    if digest == standing.shadow:
        return ModelState.SHADOW
    if digest == standing.previous:
        return ModelState.PREVIOUS
    return ModelState.AVAILABLE

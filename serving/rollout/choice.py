"""Which model a caller means."""

from collections.abc import Sequence

from kiemtin.models_folder import Found
from serving.errors import ModelAmbiguousError, ModelUnknownError


def choose(
    bundles: Sequence[Found],
    name: str,
    *,
    digest: str | None,
    version: str | None,
    active: str,
) -> Found:
    """
    Return the bundle called *name* that has *digest* and *version*.

    Args:
        bundles: What there is; of equal ones the first counts.
        name: As its manifest has it.
        digest: None for any.
        version: None for any. If both are None, it is the only one that is not active.
        active: The digest of the one that scores.

    Raises:
        ModelUnknownError: If there is none.
        ModelAmbiguousError: If there are several.
    """
    known: dict[str, Found] = {}
    for x in bundles:
        if x.manifest:
            known.setdefault(x.digest, x)
    named = [x for x in known.values() if x.manifest and x.manifest.name == name]
    if digest is None and version is None:
        meant = [x for x in named if x.digest != active]
        lack = "no other model of this name is there"
    else:
        meant = [
            x
            for x in named
            if x.manifest
            and version in {None, x.manifest.version}
            and digest in {None, x.digest}
        ]
        lack = "no model of this name has this version and digest"
    if not meant:
        msg = f"{lack}; there are {_told(list(known.values())) or 'none'}"
        raise ModelUnknownError(msg)
    if len(meant) > 1:
        msg = f"name one by its digest: {_told(meant)}"
        raise ModelAmbiguousError(msg)
    return meant[0]


def _told(bundles: Sequence[Found]) -> str:
    return ", ".join(
        f"{x.manifest.name} {x.manifest.version} ({x.digest})"
        for x in bundles
        if x.manifest
    )

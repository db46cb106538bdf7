"""What is known of a loaded bundle, apart from the network itself."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kiemtin.manifest import Manifest
from kiemtin.policy import Policy
from kiemtin.schemas import ModelOut


@dataclass(frozen=True, slots=True)
class Proof:
    """How the golden texts went: how many, and how far off the worst of them was."""

    n_goldens: int
    largest_difference: float


@dataclass(frozen=True, slots=True)
class Model:
    """A bundle that proved itself."""

    folder: Path
    manifest: Manifest
    digest: str
    policy: Policy
    out: ModelOut
    proof: Proof
    beside: bytes
    """What every reply says of the model and its policy: members of a JSON object."""

    @classmethod
    def of(cls, folder: Path, manifest: Manifest, digest: str, proof: Proof) -> Self:
        """Describe the bundle in *folder*, which was verified."""
        out = ModelOut(
            name=manifest.name,
            version=manifest.version,
            digest=digest,
            calibration={x: c.method for x, c in manifest.calibration.items()},
        )
        policy = Policy.of(manifest)
        beside = b'"model":%s,"policy_version":"%s"' % (
            out.model_dump_json().encode(),
            policy.version.encode(),
        )
        return cls(folder, manifest, digest, policy, out, proof, beside)

    @property
    def short_digest(self) -> str:
        """Enough of the digest to know the model by in a log."""
        return self.digest.removeprefix("sha256:")[:12]

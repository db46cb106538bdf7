"""From probabilities to a recommendation; a person decides."""

import hashlib
from typing import Self

from pydantic import BaseModel, ConfigDict

from kiemtin.labels import Label, Recommendation
from kiemtin.manifest import Manifest, Thresholds

SEVERITIES: dict[Label, int] = {
    Label.UNRELIABLE: 2,
    Label.ABUSIVE: 2,
    Label.HATE: 3,
    Label.SCAM: 3,
    Label.SPAM: 1,
}
"""How much a missed post of this kind costs its readers, 1 to 3."""


UNCERTAIN = "uncertain"
"""Why a label abstains whose score is near its threshold."""


class Policy(BaseModel):
    """Thresholds and severities, with a version that names exactly these."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    thresholds: dict[Label, Thresholds]
    severities: dict[Label, int]

    @classmethod
    def of(cls, manifest: Manifest) -> Self:
        """Return the policy that a bundle was exported with."""
        content = repr([(x, manifest.thresholds[x], SEVERITIES[x]) for x in Label])
        digest = hashlib.sha256(content.encode()).hexdigest()[:12]
        return cls(
            version=f"bundled-{digest}",
            thresholds=manifest.thresholds,
            severities=SEVERITIES,
        )

    def flag(
        self, scores: dict[Label, float], abstain: dict[Label, str]
    ) -> dict[Label, bool]:
        """
        Return which labels a moderator should look at, for *scores* of all labels.

        Hate is a part of abusive: it is not flagged where that is not.
        """
        flagged = {
            label: label not in abstain and p >= self.thresholds[label].review
            for label, p in scores.items()
        }
        flagged[Label.HATE] &= flagged[Label.ABUSIVE]
        return flagged

    def uncertain(
        self, scores: dict[Label, float], flagged: dict[Label, bool]
    ) -> dict[Label, str]:
        """
        Return why nothing is concluded of the labels of which it is not.

        Their scores are in the band below review: too low to send the text to people,
        too high to say that it carries no such label.
        """
        bands = {x: self.thresholds[x].abstain for x in scores}
        return {
            x: UNCERTAIN
            for x, least in bands.items()
            if least is not None and scores[x] >= least and not flagged[x]
        }

    def recommend(
        self, scores: dict[Label, float], flagged: dict[Label, bool]
    ) -> Recommendation:
        """Return the most urgent recommendation that any flagged label gives."""
        found = [x for x, f in flagged.items() if f]
        if any(scores[x] >= self.thresholds[x].review_urgent for x in found):
            return Recommendation.REVIEW_URGENT
        return Recommendation.REVIEW if found else Recommendation.NONE

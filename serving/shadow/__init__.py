"""A challenger that scores some of the posts, too, and decides nothing."""

from serving.shadow.figures import ShadowFigures
from serving.shadow.shadow import Shadow

__all__ = ["Shadow", "ShadowFigures"]

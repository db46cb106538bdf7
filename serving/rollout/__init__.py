"""Which of the bundles that are there scores, and who decided that."""

from serving.rollout.catalog import Catalog
from serving.rollout.listing import Listed
from serving.rollout.refusals import Refusals
from serving.rollout.rollout import Rollout
from serving.rollout.start import start_engine
from serving.rollout.watching import Watch
from serving.rollout.wishes import Wishes

__all__ = [
    "Catalog",
    "Listed",
    "Refusals",
    "Rollout",
    "Watch",
    "Wishes",
    "start_engine",
]

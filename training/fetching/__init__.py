"""Gets published files, checks what came, and never changes what is there."""

from training.fetching.arrival import Arrival, Arrived, Report, fetch
from training.fetching.listing import Listed, list_sources, print_listed

__all__ = [
    "Arrival",
    "Arrived",
    "Listed",
    "Report",
    "fetch",
    "list_sources",
    "print_listed",
]

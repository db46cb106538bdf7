"""Who works on cases."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reviewer:
    """
    A person at work.

    Attributes:
        person: Their pseudonym; nothing else of them is written down.
        queues: Those that they work in; None for all of them.
        is_lead: Whether they may have the cases that wait for a lead.
    """

    person: str
    queues: frozenset[str] | None
    is_lead: bool

    def works_in(self, queue: str) -> bool:
        """Say whether the cases of *queue* are theirs to see."""
        return self.queues is None or queue in self.queues

"""Who asks: a key, or anybody where there are no keys yet."""

from dataclasses import dataclass

from serving.access.scopes import Scope


@dataclass(frozen=True, slots=True)
class Principal:
    """
    Who asks, and what they may.

    Attributes:
        key_id: The key that they came with.
        scopes: What it opens.
        person: The pseudonym of the name on the key, ``rev_`` and 16 hex digits; two
            keys of one name are one person. Nothing else of a person is written down.
        queues: The queues that they work in; None for all of them.
    """

    key_id: str
    scopes: frozenset[Scope]
    person: str = ""
    queues: frozenset[str] | None = None

    def may(self, scope: Scope) -> bool:
        """Say whether *scope* is open to them."""
        return scope in self.scopes or Scope.ADMIN in self.scopes

    def works_in(self, queue: str) -> bool:
        """Say whether the cases of *queue* are theirs to see."""
        return self.queues is None or queue in self.queues


ANONYMOUS = Principal("anonymous", frozenset({Scope.ADMIN}), "rev_anonymous")
"""Whoever asks a service without keys, which only this machine can reach."""

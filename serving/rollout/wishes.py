"""Which model is to score, by the file ``ACTIVE`` and by what was chosen last."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiemtin.models_folder import Found, Named, read_active
from serving.db import Activation, Activations, Database
from serving.rollout.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Wish:
    """A bundle that is to score; *chosen* is the entry of the log that says so, if any."""

    bundle: Found
    chosen: Activation | None


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What there is, and what is wished for.

    Attributes:
        bundles: What there is.
        last: The newest entry of the log.
        named: What the file says, if that is newer than the log.
        wishes: What is to score; one that is refused gives way to the next.
    """

    bundles: Sequence[Found]
    last: Activation | None
    named: Named | None
    wishes: Sequence[Wish]


@dataclass(frozen=True, slots=True)
class Wishes:
    """
    Where they are found.

    Attributes:
        catalog: The bundles that are there.
        database: Where the log is.
    """

    catalog: Catalog
    database: Database

    def read(self) -> Reading:
        """
        Return what holds now.

        Raises:
            DatabaseUnavailableError: If the log cannot be read.
        """
        bundles = self.catalog.read()
        models = self.catalog.models
        if models is None:
            return Reading(bundles, None, None, [])
        last = self.last()
        named = read_active(models)
        if named and last and named.at <= last.at:
            named = None
        wishes = []
        if named:
            here = (x for x in bundles if x.folder == models / named.folder)
            wishes += [Wish(x, None) for x in here]
        if last:
            same = [x for x in bundles if x.digest == last.digest]
            wishes += [Wish(x, last) for x in same[:1]]
        return Reading(bundles, last, named, wishes)

    def last(self) -> Activation | None:
        """
        Return the newest entry of the log.

        Raises:
            DatabaseUnavailableError: If it cannot be read.
        """
        with self.database.session() as session:
            return next(iter(Activations(session).latest()), None)

    def record(self, activation: Activation) -> None:
        """
        Append *activation* to the log.

        Raises:
            DatabaseUnavailableError: If it cannot be written.
        """
        with self.database.session() as session:
            Activations(session).add(activation)
            session.commit()

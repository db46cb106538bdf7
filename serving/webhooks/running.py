"""Messages are sent for as long as the service runs."""

from collections.abc import Callable, Collection

from serving.db import Database
from serving.webhooks.delivering import Deliverer
from serving.webhooks.guard import Guard
from serving.webhooks.sending import Sender


async def keep_delivering(
    database: Database,
    hosts: Collection[str],
    *,
    note: Callable[[str], None],
    show: Callable[[str, int], None],
) -> None:
    """
    Deliver until cancelled.

    Args:
        database: Where the messages are.
        hosts: Those that may be in the private network.
        note: Told how each try went.
        show: Told now and then how many messages are in a state.
    """
    sender = Sender(Guard(hosts))
    try:
        await Deliverer(database, sender, note=note, show=show).run()
    finally:
        await sender.close()

"""From the texts of a foreign request to score objects, all or none."""

from collections.abc import Sequence

from fastapi import Request

from kiemtin.errors import InputError
from kiemtin.schemas import Item, ScoreOut
from serving.access.quotas import Charge
from serving.engine import Engine, Lane, Model
from serving.errors import EmptyBatchError, TooManyItemsError
from serving.settings import Settings

MAX_INTERACTIVE = 8
"""Somebody may look at a screen for as many; more of them wait with the batches."""


async def score_texts(
    request: Request,
    texts: Sequence[str],
    *,
    engine: Engine,
    settings: Settings,
    named: str,
    explain: bool = False,
    deadline_s: float | None = None,
) -> tuple[list[ScoreOut], Model]:
    """
    Score *texts*, and return by which model.

    Foreign replies have no room for an item that failed beside others that did not, so
    one that cannot be scored fails the request.

    Args:
        request: Its log line says how many texts it had.
        texts: The posts.
        engine: What scores.
        settings: Where the limit of items stands.
        named: What the caller calls the texts; ``text`` says ``text[3]`` of the fourth.
        explain: Whether to say which words moved a score.
        deadline_s: In how many seconds nobody wants the answer any more.

    Raises:
        EmptyBatchError: If there are no texts.
        TooManyItemsError: If there are more than the limit.
        RateLimitedError: If the key has used up what it may have in a minute.
        InputError: If one cannot be scored; its index leads the message.
    """
    request.state.n_items = len(texts)
    _check_length(len(texts), settings.max_items, named)
    items = [Item(str(i), text, explain) for i, text in enumerate(texts)]
    lane = Lane.INTERACTIVE if len(items) <= MAX_INTERACTIVE else Lane.BULK
    with Charge(request, lane, len(items)):
        scored = await engine.score(items, lane=lane, deadline_s=deadline_s)
    found = []
    for i, result in enumerate(scored.results):
        if isinstance(result, InputError):
            where = f"{named}[{i}]" if len(texts) > 1 else named
            msg = f"{where}: {result}"
            raise type(result)(msg)
        found.append(result.parse())
    return found, scored.model


def _check_length(n_items: int, limit: int, named: str) -> None:
    if not n_items:
        msg = f"{named}: no items, a request has 1 to {limit}"
        raise EmptyBatchError(msg)
    if n_items > limit:
        msg = f"{named}: {n_items} items, a request has at most {limit}"
        raise TooManyItemsError(msg)

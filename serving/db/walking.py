"""Rows of any number are read a thousand at a time."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

_N_AT_ONCE = 1000


def walk(
    session: Session,
    query: Select[Any],
    at: InstrumentedAttribute[datetime],
    row_id: InstrumentedAttribute[str],
) -> Iterator[Row[Any]]:
    """
    Yield all rows of *query* by *at* and *row_id*, without holding all of them.

    Args:
        session: What reads them.
        query: It has the columns ``created_at``, which is *at*, and ``id``.
        at: When the row was made.
        row_id: Tells rows of one moment apart.
    """
    page = query.order_by(at, row_id).limit(_N_AT_ONCE)
    rows = session.execute(page).all()
    while rows:
        yield from rows
        last = (rows[-1].created_at, rows[-1].id)
        rows = session.execute(page.where(tuple_(at, row_id) > last)).all()


def within(
    column: InstrumentedAttribute[Any], since: datetime, until: datetime
) -> ColumnElement[bool]:
    """Say that *column* is from *since* to before *until*."""
    return and_(column >= since, column < until)

"""Golden items are made of what was decided, and keep what was shown."""

import pytest
from sqlalchemy import text

from serving.db import Golden, Goldens
from serving.errors import NotDecidedError, NotFoundError
from serving.review import goldens
from serving.review.people import Reviewer
from tests.fixtures.cases import AN, CHI, LEAD, SCORES, TEXT, open_cases
from tests.fixtures.deciding import DISMISSED, UPHELD, Floor


def make(floor: Floor, who: Reviewer, case_id: str) -> Golden:
    """Make a golden item, which is committed."""
    with floor.database.work(who.person, now=floor.now) as work:
        golden = goldens.make(work, who, case_id)
        work.commit()
    return golden


def retire(floor: Floor, who: Reviewer, golden_id: str) -> Golden:
    """Retire a golden item, which is committed."""
    with floor.database.work(who.person, now=floor.now) as work:
        golden = goldens.retire(work, who, golden_id)
        work.commit()
    return golden


def test_a_golden_item_is_a_copy(floor: Floor) -> None:
    """It has all that is shown of a post, and the answer that stands."""
    case = open_cases(floor.database, 1)[0]
    floor.answer(AN, case.id, UPHELD)

    golden = make(floor, LEAD, case.id)

    assert (golden.kind, golden.labels) == ("uphold", ["scam"])
    assert (golden.text, golden.scores, golden.queue) == (TEXT, SCORES, "scam")
    assert (golden.label, golden.flagged) == ("scam", ["scam"])
    assert (golden.made_by, golden.created_at) == (LEAD.person, floor.now)
    with floor.database.session() as session:
        assert Goldens(session).get(golden.id) == golden
        assert Goldens(session).live("scam") == [golden.id]
        assert Goldens(session).live("abuse") == []


def test_only_what_is_decided_is_known(floor: Floor) -> None:
    """An open case, or one whose decision was reversed, has no right answer."""
    one, other = open_cases(floor.database, 2)
    made = floor.answer(AN, other.id, DISMISSED).decision_id
    floor.reverse(LEAD, made, reopen=False)

    for case in (one, other):
        with pytest.raises(NotDecidedError):
            make(floor, LEAD, case.id)


def test_a_text_that_was_forgotten(floor: Floor) -> None:
    """Of a post without its text nothing can be copied."""
    case = open_cases(floor.database, 1)[0]
    floor.answer(AN, case.id, UPHELD)
    with floor.database.session() as session:
        session.execute(text("UPDATE posts SET forgotten_at = created_at"))
        session.commit()

    with pytest.raises(NotFoundError):
        make(floor, LEAD, case.id)


def test_a_case_that_is_not_theirs(floor: Floor) -> None:
    """A lead of another queue makes no golden item of it, and retires none."""
    case = open_cases(floor.database, 1)[0]
    floor.answer(AN, case.id, UPHELD)
    golden = make(floor, LEAD, case.id)

    with pytest.raises(NotFoundError):
        make(floor, CHI, case.id)
    with pytest.raises(NotFoundError):
        retire(floor, CHI, golden.id)


def test_a_retired_item(floor: Floor) -> None:
    """It is given to nobody any more, and retired once."""
    case = open_cases(floor.database, 1)[0]
    floor.answer(AN, case.id, UPHELD)
    golden = make(floor, LEAD, case.id)

    first = retire(floor, LEAD, golden.id)
    floor.wait(hours=1)
    second = retire(floor, LEAD, golden.id)

    assert first == second
    assert first.retired_at is not None
    with floor.database.session() as session:
        assert Goldens(session).live("scam") == []


def test_pages_of_golden_items(floor: Floor) -> None:
    """They are listed newest first, page by page, by queue."""
    made = []
    for case in open_cases(floor.database, 5):
        floor.wait(minutes=1)
        floor.answer(AN, case.id, UPHELD)
        made.append(make(floor, LEAD, case.id))
    newest = made[::-1]

    with floor.database.session() as session:
        first = Goldens(session).page(None, None, 2)
        after = (first[-1].created_at, first[-1].id)
        rest = Goldens(session).page({"scam"}, after, 9)
        none = Goldens(session).page({"abuse"}, None, 9)
    assert (first, rest, none) == (newest[:2], newest[2:], [])

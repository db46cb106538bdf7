"""Appeals: filed against what stands, one at a time, and found again."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from serving.db import (
    Appeal,
    AppealFilter,
    Appeals,
    Audit,
)
from serving.errors import (
    AppealOpenError,
    ConflictError,
    NotAppealableError,
    NotFoundError,
)
from serving.review.appealing import file_for_post
from serving.review.people import Reviewer
from tests.fixtures.cases import AN, BINH, LEAD, NOW, open_cases
from tests.fixtures.deciding import CLIENT, UPHELD, Floor

OTHER_LEAD = Reviewer("rev_e000000000000000", None, is_lead=True)


@pytest.fixture
def decided(floor: Floor) -> str:
    """The id of a decision that An made of three copies."""
    case = open_cases(floor.database, 1, n_posts=3)[0]
    return floor.answer(AN, case.id, UPHELD).decision_id


def case_of(floor: Floor, appeal: Appeal) -> Any:
    """Return the case of an appeal as it is now."""
    return floor.case(appeal.case_id)


def test_an_appeal_waits(floor: Floor, decided: str) -> None:
    """It is open, and the decision stands until somebody answers."""
    appeal = floor.appeal(decided)

    with floor.database.session() as session:
        found = Appeals(session).find(appeal.id, AppealFilter(filed_by=CLIENT))
        acts = [x.act for x in Audit(session).of(appeal.case_id)]
    assert found == appeal
    assert (appeal.state, appeal.version) == ("open", 1)
    assert case_of(floor, appeal).decision_id == decided
    assert acts[-1].detail == {"appeal": appeal.id, "decision": decided}


def test_one_at_a_time(floor: Floor, decided: str) -> None:
    """While one waits there is no second; after its answer there may be."""
    first = floor.appeal(decided)
    with pytest.raises(AppealOpenError):
        floor.appeal(decided)

    floor.reply(LEAD, first.id, "upheld")

    assert floor.appeal(decided).id != first.id


def test_filed_many_times_at_once(floor: Floor, decided: str) -> None:
    """Of those who come together one is let in."""

    def send(n: int) -> str:
        try:
            floor.appeal(decided, f"{n}")
        except ConflictError as e:
            return e.code
        return "filed"

    with ThreadPoolExecutor(4) as pool:
        codes = sorted(pool.map(send, range(4)))

    assert codes == ["appeal_open"] * 3 + ["filed"]


def test_against_what_does_not_stand(double: Floor) -> None:
    """A first answer of two, or what was reversed, is nothing to appeal against."""
    case = open_cases(double.database, 1)[0]
    first = double.answer(AN, case.id, UPHELD).decision_id
    final = double.answer(BINH, case.id, UPHELD).decision_id
    double.reverse(LEAD, final)

    for decision_id in (first, final):
        with pytest.raises(NotAppealableError):
            double.appeal(decision_id)
    for unknown in ("dec_0", "\0"):
        with pytest.raises(NotFoundError):
            double.appeal(unknown)


def test_for_a_copy(floor: Floor, decided: str) -> None:
    """Who knows only their own post appeals against the decision on its case."""
    case = floor.case(floor.decision(decided).case_id)
    copy = case.post_id[:-1] + "2"
    with floor.database.work(CLIENT, now=NOW) as work:
        filed = file_for_post(work, copy, "không phải", None, CLIENT)
        work.commit()

    assert (filed.decision_id, filed.post_id) == (decided, copy)
    with floor.database.work(CLIENT) as work, pytest.raises(NotFoundError):
        file_for_post(work, "post_0", "không phải", None, CLIENT)


def test_a_post_that_nobody_decided_on(floor: Floor) -> None:
    """Before there is a decision there is nothing to appeal against."""
    case = open_cases(floor.database, 1)[0]

    with floor.database.work(CLIENT) as work, pytest.raises(NotAppealableError):
        file_for_post(work, case.post_id, "không phải", None, CLIENT)


def test_pages_of_appeals(floor: Floor) -> None:
    """They are listed newest first, by state, queue and who filed them."""
    filed = []
    for case in open_cases(floor.database, 3):
        floor.wait(minutes=1)
        made = floor.answer(AN, case.id, UPHELD).decision_id
        filed.append(floor.appeal(made))
    filed[0] = floor.reply(LEAD, filed[0].id, "upheld")

    with floor.database.session() as session:
        page = Appeals(session).page
        last = (filed[2].filed_at, filed[2].id)
        assert page(AppealFilter(), None, 9) == filed[::-1]
        assert page(AppealFilter(), last, 1) == [filed[1]]
        assert page(AppealFilter(state="upheld"), None, 9) == [filed[0]]
        assert page(AppealFilter(filed_by="rev_x"), None, 9) == []
        assert page(AppealFilter(queues={"abuse"}), None, 9) == []
        assert Appeals(session).of(filed[1].case_id) == [filed[1]]

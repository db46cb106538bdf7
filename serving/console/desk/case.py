"""The page of one case: the post, what is said of it, and the form that decides it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.access.signing_in import CONSOLE
from serving.console.desk import shown
from serving.console.desk.desktop import Desktop, DesktopDep
from serving.console.desk.frame import DeskRoute, Frame
from serving.console.desk.words import Words
from serving.db import Decisions
from serving.review.outcomes import Outcome, State
from serving.review.policy import ReviewPolicy
from serving.review.seen import CaseView

router = APIRouter(route_class=DeskRoute, dependencies=[needs(Scope.REVIEW)])


@dataclass(frozen=True, slots=True)
class Choices:
    """What stands in the form that decides: what was sent, or what is proposed."""

    outcome: str = ""
    labels: Sequence[str] = ()
    clause: str = ""
    reason: str = ""
    note: str = ""
    way: str = ""
    shown: bool = False


@router.get(f"{CONSOLE}/cases/{{case_id}}")
def read_case(
    case_id: str, desktop: DesktopDep, done: str = "", said: str = ""
) -> HTMLResponse:
    """Show a case to who may see it."""
    return show_case(desktop, case_id, done=done, said=said)


def show_case(
    desktop: Desktop,
    case_id: str,
    *,
    done: str = "",
    said: str = "",
    errors: Sequence[tuple[str, str]] = (),
    filled: Choices | None = None,
    problem: str | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    """
    Return the page of a case.

    Args:
        desktop: Who works, and with what.
        case_id: Of which case.
        done: The decision that its person has just made.
        said: The code of anything else that they did.
        errors: What is wrong with the form, each with the place in it.
        filled: What they had chosen.
        problem: Why something could not be done.
        status: What to answer.

    Raises:
        NotFoundError: If it is not theirs to see.
    """
    now = datetime.now(UTC)
    view = desktop.read(case_id)
    frame = desktop.frame.wanted_by(desktop.database, f"{CONSOLE}/cases/{view.id}")
    words, policy = frame.words, desktop.policy
    proposed = Choices(
        labels=view.flagged, clause=shown.only_clause(policy, view.flagged)
    )
    before, _, after = words.case.until.partition("{time}")
    return frame.show(
        "case.html",
        status=status,
        said=said,
        problem=problem,
        mine=_is_mine(view),
        until_before=before,
        until_after=after,
        done=find_done(desktop, done, now),
        errors=errors,
        filled=filled or proposed,
        ways_out=shown.ways_out(policy, words),
        reversible=_reversible(frame, view),
        reverse_reasons=policy.reasons_for(Outcome.REVERSE),
        **drawn(view, policy, words, now),
    )


def drawn(
    view: CaseView, policy: ReviewPolicy, words: Words, now: datetime
) -> dict[str, Any]:
    """Return what the parts of a page draw that show a case, and ask for an outcome."""
    return {
        "v": view,
        "now": now,
        "late": view.deadline_at < now,
        "due": words.due(view.deadline_at, now),
        "names": shown.Names.of(policy, words),
        "pieces": shown.pieces(view),
        "reasons": shown.reasons(view, words),
        "bars": shown.bars(view, words),
        "clocks": shown.clocks(view),
        "context": shown.context(view),
        "permalink_opens": shown.opens(view.permalink),
        "outcome_groups": shown.outcome_groups(words),
        "clauses": shown.clauses(policy, view.flagged),
        "reasons_of": shown.reasons_of(policy, words),
        "most_chars": shown.MOST_CHARS,
    }


def show_wrong(
    desktop: Desktop,
    case_id: str,
    errors: Sequence[tuple[str, str]],
    filled: Choices,
) -> HTMLResponse:
    """Return the page of a case whose form cannot be used as it was sent."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return show_case(desktop, case_id, errors=errors, filled=filled, status=status)


def find_done(desktop: Desktop, decision_id: str, now: datetime) -> shown.Done | None:
    """Return what the person has just decided, None if it is not theirs, or undone."""
    if not decision_id or "\0" in decision_id:
        return None
    with desktop.database.session() as session:
        decisions = Decisions(session)
        decision = decisions.get(decision_id)
        if decision is None:
            return None
        found = shown.Done.of(decision, desktop.frame.who.person, now)
        is_undone = decisions.reversal_of(decision_id) is not None
    return found and replace(found, may_undo=found.may_undo and not is_undone)


def _is_mine(view: CaseView) -> bool:
    is_held = view.lease is not None and view.lease.is_mine
    return is_held and view.state == State.OPEN


def _reversible(frame: Frame, view: CaseView) -> str | None:
    may = frame.may(Scope.LEAD) and view.state == State.DECIDED
    return view.decision_id if may else None

"""The form that decides a case, and what takes a decision back."""

import math
from contextlib import suppress

from fastapi import APIRouter
from fastapi.responses import Response

from kiemtin.labels import Label
from serving.access.needs import needs
from serving.access.scopes import Scope
from serving.access.signing_in import CONSOLE
from serving.console.desk.case import Choices, show_wrong
from serving.console.desk.desktop import Desktop, DesktopDep
from serving.console.desk.filled import FORM, Filled, FilledDep
from serving.console.desk.frame import DeskRoute
from serving.console.desk.holding import case_path, go_on, show_problem
from serving.console.desk.shown import MOST_CHARS
from serving.errors import ConflictError, ForbiddenError, ReasonNotAllowedError
from serving.review.deciding import Draft, decide
from serving.review.outcomes import DISMISSING, UPHOLDING, Outcome
from serving.review.reversing import reverse, undo

_MOST_S = 86_400.0
_DECISION = f"{CONSOLE}/decisions/{{decision_id}}"

router = APIRouter(route_class=DeskRoute)


@router.post(
    f"{CONSOLE}/cases/{{case_id}}/decide", dependencies=[needs(Scope.REVIEW), *FORM]
)
def decide_case(case_id: str, desktop: DesktopDep, filled: FilledDep) -> Response:
    """Decide a case, and go on with the next."""
    chosen = choices_of(filled)
    wrong = missing(desktop, chosen)
    if wrong:
        return show_wrong(desktop, case_id, wrong, chosen)
    draft = draft_of(chosen, filled)
    try:
        with desktop.work() as work:
            decided = decide(work, desktop.policy, desktop.who, case_id, draft)
    except ReasonNotAllowedError as e:
        said = desktop.frame.explain(e)
        return show_wrong(desktop, case_id, [("clause", said)], chosen)
    except (ConflictError, ForbiddenError) as e:
        return show_problem(desktop, case_id, e)
    return go_on(desktop, done=decided.decision_id)


@router.post(f"{_DECISION}/undo", dependencies=[needs(Scope.REVIEW), *FORM])
def undo_decision(decision_id: str, desktop: DesktopDep) -> Response:
    """Take back what one has just decided, and have the case again."""
    try:
        with desktop.work() as work:
            lease = undo(work, desktop.policy, desktop.who, decision_id)
    except ForbiddenError as e:
        return desktop.frame.show_error(e, "too_late")
    return desktop.frame.go(case_path(lease.case_id), said="undone")


@router.post(f"{_DECISION}/reverse", dependencies=[needs(Scope.LEAD), *FORM])
def reverse_decision(
    decision_id: str, desktop: DesktopDep, filled: FilledDep
) -> Response:
    """Take a decision back for all copies, as an event of its own."""
    note = filled.text("note")[:MOST_CHARS] or None
    with desktop.work() as work:
        reverse(
            work,
            desktop.policy,
            desktop.who,
            decision_id,
            filled.text("reason"),
            note,
            reopen=bool(filled.text("reopen")),
        )
    return desktop.frame.go(f"{CONSOLE}/lead", said="reversed")


def choices_of(filled: Filled) -> Choices:
    """Return what was chosen; what does not go with the outcome is left out."""
    outcome = filled.text("outcome")
    is_upheld = outcome in UPHOLDING
    return Choices(
        outcome=outcome,
        labels=filled.all("labels") if is_upheld else (),
        clause=filled.text("clause") if is_upheld else "",
        reason=filled.text(f"reason_{outcome}"),
        note=filled.text("note")[:MOST_CHARS],
        shown=bool(filled.text("shown")),
    )


def missing(desktop: Desktop, chosen: Choices) -> list[tuple[str, str]]:
    """Return what must still be chosen, each with its place in the form."""
    said = desktop.frame.words.decide
    if chosen.outcome not in (*UPHOLDING, *DISMISSING):
        return [("outcome-takedown", said.no_outcome)]
    wrong = []
    if chosen.outcome in UPHOLDING:
        if not set(chosen.labels) & set(Label):
            wrong.append(("labels", said.no_labels))
        if not chosen.clause:
            wrong.append(("clause", said.no_clause))
    reasons = desktop.policy.reasons_for(Outcome(chosen.outcome))
    reason = next((x for x in reasons if x.code == chosen.reason), None)
    if reason is None:
        wrong.append((f"reason-{chosen.outcome}", said.no_reason))
    elif reason.note and not chosen.note:
        wrong.append(("note", said.no_note))
    return wrong


def draft_of(chosen: Choices, filled: Filled) -> Draft:
    """Return the decision that was filled in."""
    return Draft(
        token=filled.number("token"),
        outcome=Outcome(chosen.outcome),
        labels=[x for x in Label if x in chosen.labels],
        clause=chosen.clause or None,
        reason_code=chosen.reason,
        note=chosen.note or None,
        spent_s=_seconds(filled.text("spent_s")),
    )


def _seconds(said: str) -> float | None:
    with suppress(ValueError):
        seconds = float(said)
        if math.isfinite(seconds) and 0 <= seconds <= _MOST_S:
            return seconds
    return None

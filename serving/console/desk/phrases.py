"""What each page of the review console has to say, in any language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What stands around every page."""

    name: str
    skip: str
    nav: str
    queue: str
    lead: str
    appeals: str
    report: str
    settings: str
    sign_out: str
    you: str
    keys: str
    keys_on: str
    keys_off_note: str
    close: str
    error_heading: str
    error_title: str
    back: str
    promise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInWords:
    """The page on which people come in."""

    title: str
    lead: str
    key: str
    hint: str
    submit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardWords:
    """The queues."""

    title: str
    take: str
    take_short: str
    take_here: str
    nothing: str
    queue: str
    waiting: str
    oldest: str
    overdue: str
    act: str
    holding: str
    holding_none: str
    ends: str
    go_on: str
    today: str
    budget: str
    no_budget: str
    spent: str
    not_yours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWords:
    """One case."""

    title: str
    post: str
    show: str
    covered: str
    forgotten: str
    marked_note: str
    marked: str
    no_marks: str
    reason: str
    machine: str
    machine_note: str
    threshold: str
    calibration: str
    bar: str
    flagged: str
    blind: str
    not_flagged: str
    audit: str
    users: str
    users_note: str
    no_reports: str
    report_reasons: dict[str, str]
    origin: str
    clocks: str
    due_in: str
    overdue_by: str
    ago: str
    priority: str
    priority_note: str
    factors: dict[str, str]
    copies: str
    copies_note: str
    copies_one: str
    more_copies: str
    source: str
    posted: str
    context: str
    context_keys: dict[str, str]
    permalink: str
    permalink_note: str
    history: str
    no_history: str
    who_you: str
    comments: str
    no_comments: str
    comment: str
    add_comment: str
    earlier: str
    queue: str
    stage: str
    facts: str
    language: str
    languages: dict[str, str]
    deadline: str
    timer: str
    left: str
    until: str
    renew: str
    soon: str
    lost: str
    lost_note: str
    again: str
    claim: str
    claim_note: str
    decided: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideWords:
    """The form in which a case is decided, and the other ways out of it."""

    title: str
    uphold: str
    dismiss: str
    all_copies: str
    labels: str
    clause: str
    choose: str
    reason: str
    choose_outcome: str
    note: str
    note_hint: str
    submit: str
    only_recommends: str
    other: str
    skip: str
    skip_reason: str
    escalate: str
    escalate_reason: str
    release: str
    undo: str
    errors: str
    no_outcome: str
    no_reason: str
    no_clause: str
    no_labels: str
    no_note: str
    done: str
    done_second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsWords:
    """What people choose for themselves."""

    title: str
    blur: str
    blur_note: str
    grey: str
    grey_note: str
    budget: str
    budget_note: str
    save: str
    keys: str
    keys_note: str
    bad_budget: str

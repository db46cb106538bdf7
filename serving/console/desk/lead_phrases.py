"""What the pages of leads have to say: load, appeals and the report."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadWords:
    """The page of those who lead."""

    title: str
    adjudication: str
    adjudication_note: str
    none_to_adjudicate: str
    load: str
    queue: str
    waiting: str
    overdue: str
    overdue_note: str
    ages: str
    age: str
    age_steps: tuple[str, ...]
    agreement: str
    agreement_note: str
    kinds: str
    pairs: str
    people: str
    people_note: str
    person: str
    decisions: str
    median: str
    label: str
    n: str
    alpha: str
    golden: str
    reversals: str
    reversals_note: str
    precision: str
    precision_note: str
    as_table: str
    nothing: str
    recent: str
    recent_note: str
    outcome: str
    when: str
    reverse: str
    reverse_title: str
    reverse_note: str
    reason: str
    note: str
    reopen: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealWords:
    """Appeals and their answers."""

    title: str
    one: str
    verdict: str
    instead: str
    to_case: str
    state: str
    states: dict[str, str]
    none: str
    filed: str
    statement: str
    against: str
    read: str
    answer_title: str
    stands: str
    overturn: str
    answer: str
    answer_hint: str
    submit: str
    own: str
    answered: str
    no_choice: str
    no_answer: str
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWords:
    """The transparency report."""

    title: str
    lead: str
    since: str
    until: str
    show: str
    download: str
    count: str
    share: str
    none: str
    bad_dates: str
    posts: str
    n_received: str
    n_flagged: str
    n_reported: str
    n_both: str
    never_seen: str
    n_copies: str
    cases: str
    n_opened: str
    n_open: str
    sources: dict[str, str]
    requests: str
    origin: str
    answered_in_time: str
    decisions: str
    n_decisions: str
    n_posts: str
    n_upheld: str
    n_dismissed: str
    n_protected: str
    reversed: str
    times: str
    all: str
    from_receipt: str
    from_lease: str
    counts: str
    no_label: str
    precision: str
    missed: str
    goldens: str
    quality: str
    appeals: str
    n_filed: str
    n_waiting: str
    overturned: str
    figures: str

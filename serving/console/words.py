"""Everything that the page says; one value of ``Words`` for each language."""

from dataclasses import dataclass

from kiemtin.labels import Label, Recommendation


@dataclass(frozen=True, slots=True)
class Said:
    """A headline and the sentence under it."""

    headline: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language; in braces stands what the page puts in."""

    lang: str
    other_lang: str
    other_lang_name: str
    decimal_comma: bool

    tagline: str
    skip: str
    question: str
    placeholder: str
    submit: str
    again: str
    examples: str
    promise: str

    result: str
    recommendations: dict[Recommendation, Said]
    undecided: Said
    unsure: Said
    labels: dict[Label, Said]
    labels_heading: str
    flagged: str
    threshold: str
    bar: str
    abstained: str
    uncertain: str

    marked_heading: str
    marked_note: str
    nothing_marked: str
    reason: str
    text_heading: str

    state_heading: str
    read_whole: str
    read_windows: str
    left_out: str
    nothing_cleaned: str
    cleaned: str
    steps: dict[str, str]
    without_diacritics: str

    errors: dict[str, str]
    not_ready: str

    model: str
    policy: str
    api: str
    does_not_say: str

    def percent(self, p: float) -> str:
        """Return a probability as people write it."""
        return self._with_sign(f"{100 * p:.1f}")

    def round_percent(self, p: float) -> str:
        """Return a threshold, which is a round number more often than not."""
        return self._with_sign(f"{100 * p:.1f}".removesuffix(".0"))

    def points(self, weight: float) -> str:
        """Return a difference of probabilities in percentage points."""
        text = f"{100 * weight:.0f}"
        return text if text != "0" else "<1"

    def _with_sign(self, figures: str) -> str:
        if self.decimal_comma:
            return f"{figures.replace('.', ',')} %"
        return f"{figures}%"

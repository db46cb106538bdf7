"""The model card: what the bundle says, what it was measured on, who may use it."""

from kiemtin.labels import Label
from training.metrics import Figure
from training.report import HEADLINES, Report

_MEANING = {
    Label.UNRELIABLE: "written like posts that annotators judged unreliable; it may be true",
    Label.ABUSIVE: "offensive or hateful",
    Label.HATE: "attacks people for what they are, or calls for harm; a part of abusive",
    Label.SCAM: "tries to defraud its reader",
    Label.SPAM: "unwanted promotion or noise",
}

_CARD = """# {name} {version}

A compact RoBERTa-like encoder with four heads that reads Vietnamese posts and says which of
them a human moderator should look at. It recommends; a person decides. It has no label for
opinion, criticism, satire or belief, and knows nothing of authors or publishers.

| label | says | review at | urgent at |
|---|---|---|---|
{labels}

## Measured

On rows that share no near-duplicate with training. Thresholds and calibration were chosen on
dev. 95 % intervals by bootstrap; everything else is in `report.json`.

| corpus | figure | dev | test |
|---|---|---|---|
{figures}

Share flagged at the shipped thresholds, any label: protected speech (criticism, opinion,
reporting about officials and policy) {protected}, other benign text {benign} (test halves).

## Limits

- `unreliable` learned from Vietnamese Facebook posts of 2020 (ReINTEL): style of that time and
  its topics. It does not know what is true.
- `abusive` and `hate` learned from comments; annotators of these sets called many comments on
  politics abusive. Thresholds are raised until protected speech is spared; see the shares above.
- `scam` learned from text messages, `spam` from shop reviews. On other kinds of text both are
  less sure than they look.
- Irony, quotation and news about abuse are hard for it.

## Licence of the weights

The code is Apache-2.0. These weights were trained partly on sets that their authors share for
research only (ViHSD, ViSpamReviews) or without stated terms (ReINTEL, ViCTSD, VLSP-2019,
IE403), and on SafeSense (CC BY-SA 4.0): they are for research and evaluation. For other use,
train on rows you may use: `data/sources.toml` names the terms of each set.
"""


def model_card(report: Report) -> str:
    """Return the card of the bundle that *report* was made of."""
    labels = [
        f"| `{x}` | {_MEANING[x]} | {report.thresholds[x].review} "
        f"| {report.thresholds[x].review_urgent} |"
        for x in Label
    ]
    figures = [
        f"| {corpus} | {name} | {_cell(report, 'dev', corpus, name)} "
        f"| {_cell(report, 'test', corpus, name)} |"
        for corpus, name in HEADLINES
    ]
    shares = report.flagged["test"]
    return _CARD.format(
        name=report.name,
        version=report.version,
        labels="\n".join(labels),
        figures="\n".join(figures),
        protected=_figure(shares["protected_speech"]["any.flagged"]),
        benign=_figure(shares["other_benign"]["any.flagged"]),
    )


def _cell(report: Report, split: str, corpus: str, name: str) -> str:
    found = report.splits[split].get(corpus, {}).get(name)
    return _figure(found) if found else "-"


def _figure(figure: Figure) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f}-{figure.high:.3f})"

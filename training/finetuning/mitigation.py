"""What keeps politics out of the labels: texts written otherwise, and weights of rows."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence

from kiemtin.labels import Label
from training.corpora.row import Row
from training.politics import is_political
from training.politics.swapping import leave_out, swap
from training.recipes.tuning import MitigationSection

LEAST, MOST = 0.2, 5.0
"""Between these a row weighs, before the weights of its corpus are brought to mean 1."""
_CELLS = 4
"""With a label and without, with politics and without."""


def mitigate(text: str, section: MitigationSection, rng: random.Random) -> str:
    """
    Return *text*, perhaps with its political terms swapped, or without them.

    Each is drawn for itself, and always, so that one recipe's draws are another's.
    """
    swapped, masked = rng.random(), rng.random()
    drawn = random.Random(rng.getrandbits(32))
    if swapped < section.swapped:
        text = swap(text, drawn)
    return leave_out(text) if masked < section.masked else text


def row_weights(rows: Sequence[Row]) -> dict[str, tuple[float, ...]]:
    """
    Return how much each row weighs, by its key, for each label in order.

    In each corpus the weighted rows have a label as often with political terms as
    without: a row weighs P(label) / P(label | political) (arXiv:2004.14088, as Kamiran
    and Calders, 2012). A label that is unknown weighs 1; so does one that a corpus has
    only with politics or only without, as nothing can balance it.
    """
    political = {r.key: is_political(r.text) for r in rows}
    of_corpus = defaultdict(list)
    for row in rows:
        of_corpus[row.corpus].append(row)
    weights = {key: [1.0] * len(Label) for key in political}
    for members in of_corpus.values():
        for column, label in enumerate(Label):
            for key, weight in _balanced(members, label, political).items():
                weights[key][column] = weight
    return {key: tuple(found) for key, found in weights.items()}


def _balanced(
    rows: Sequence[Row], label: Label, political: dict[str, bool]
) -> dict[str, float]:
    cells = {
        r.key: (political[r.key], r.labels[label]) for r in rows if label in r.labels
    }
    n = Counter(cells.values())
    n_political = Counter(p for p, _ in cells.values())
    n_label = Counter(y for _, y in cells.values())
    if len(n) < _CELLS:
        return {}
    weight = {
        (p, y): min(
            MOST, max(LEAST, n_label[y] * n_political[p] / (len(cells) * n[p, y]))
        )
        for p, y in n
    }
    mean = sum(weight[c] * n[c] for c in n) / len(cells)
    return {key: weight[cell] / mean for key, cell in cells.items()}

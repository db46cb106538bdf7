"""The rules of Vietnamese spelling: what is a syllable, and what letters read as."""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import product

from kiemtin.text.syllables import strip_marks

# Onsets by the vowels that they stand before, and all rhymes that are written
# (Đoàn Thiện Thuật, Ngữ âm tiếng Việt, 1977; Hoàng Phê, Từ điển chính tả, 2006).
_BEFORE_ANY = "b ch d đ h kh l m n nh p ph r s t th tr v x"
_BEFORE_BACK = "c g ng"
_BEFORE_FRONT = "k gh ngh"
_RHYMES = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu
    ây e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc
    iêm iên iêng iêp iêt iêu o oc oi om on ong ooc oong op ot oa oac oach oai oam oan
    oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oem oen oeo oet ô ôc ôi ôm ôn ông
    ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt uân uâng
    uât uây uê uêch uên uênh uêu uơ uy uya uych uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc
    ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y
"""
_AFTER_Q = """
    ua uac uach uai uan uang uanh uao uat uau uay uăc uăm uăn uăng uăp uăt uân uâng uât
    uây uâu ue uen ueo uet uê uên uêt uêch uênh uêu uôc uơ uơi uơn uơt ui uit uin uy
    uyên uyêt uynh uyt uych uyu
"""
_AFTER_GI = "e em en eo êc êm ên êng êp êt êu m n p ch"
_ALONE_WITH_Y = "yê yêm yên yêng yêt yêu"
_STOPS = ("c", "p", "t", "ch")

TONES = {
    c: (plain, tone)
    for tone, row in enumerate(
        ("áắấéếíóốớúứý", "ạặậẹệịọộợụựỵ", "àằầèềìòồờùừỳ", "ảẳẩẻểỉỏổởủửỷ", "ãẵẫẽễĩõỗỡũữỹ")
    )
    for plain, c in zip("aăâeêioôơuưy", row, strict=True)
}
TONELESS = str.maketrans({c: plain for c, (plain, _) in TONES.items()})
"""Takes the tone, and no other mark, off each small letter."""
_SHARP_OR_HEAVY = 2
"""Tones 0 and 1 of the table: the only ones that a syllable ending in a stop takes."""


def _spelled() -> set[str]:
    rhymes = _RHYMES.split()
    front = [r for r in rhymes if r[0] in "eêiy"]
    back = [r for r in rhymes if r[0] not in "eêiy"]
    pairs = [
        *product(("", *_BEFORE_ANY.split()), rhymes),
        *product(_BEFORE_BACK.split(), back),
        *product(_BEFORE_FRONT.split(), front),
        *product(("q",), _AFTER_Q.split()),
        *product(("gi",), ("", *back, *_AFTER_GI.split())),
    ]
    return {onset + rhyme for onset, rhyme in pairs} | {*_ALONE_WITH_Y.split()}


_SPELLED = frozenset(_spelled())
_TONELESS_FORMS = _SPELLED | frozenset(map(strip_marks, _SPELLED))
N_MOST = max(map(len, _SPELLED))
"""The letters of the longest syllable, nghiêng."""

_BY_FREQUENCY = (files("kiemtin.text.lexicons") / "frequent.txt").read_text("utf-8")
_RANKS = {s: rank for rank, s in enumerate(_BY_FREQUENCY.split())}
"""The 400 commonest syllables of news and comments, without diacritics."""
# What a syllable costs in a reading: one more costs more than rarer ones. What only
# begins a syllable costs nothing, and is none.
_COSTS = {form[:n]: 0 for form in _TONELESS_FORMS for n in range(len(form))} | {
    form: 1000 + _RANKS.get(strip_marks(form), 500) for form in _TONELESS_FORMS
}
_UNREAD = 1 << 60


def is_spelled(word: str) -> bool:
    """
    Return whether *word*, NFC and in lower case, is spelled like a syllable.

    Either fully marked or wholly without diacritics; a tone may be missing, as
    people who hide a letter lose its tone.
    """
    return len(word) <= N_MOST and _is_spelled(word)


@lru_cache(maxsize=1 << 16)
def _is_spelled(word: str) -> bool:
    toneless = word.translate(TONELESS)
    if toneless not in _TONELESS_FORMS:
        return False
    tones = [TONES[c][1] for c in word if c in TONES]
    return len(tones) <= 1 and not (
        toneless.endswith(_STOPS) and tones and tones[0] >= _SHARP_OR_HEAVY
    )


def read_syllables(letters: str) -> list[int]:
    """
    Return where the syllables end that *letters*, in lower case, reads as.

    Each has two letters or more. Of several readings the one of fewer and commoner
    syllables ("cho thue", not "chot hue"); empty if there is none. Linear in time.
    """
    toneless = letters.translate(TONELESS)
    n = len(letters)
    costs, starts = [0, *[_UNREAD] * n], [0] * (n + 1)
    for start in range(n):
        if costs[start] < _UNREAD:
            for end, cost in _syllables_at(letters, toneless, start):
                if costs[start] + cost < costs[end]:
                    costs[end], starts[end] = costs[start] + cost, start
    return _ends(starts) if n and costs[n] < _UNREAD else []


def _syllables_at(letters: str, toneless: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield where each syllable ends that begins at *start*, and what it costs."""
    for end in range(start + 2, min(start + N_MOST, len(letters)) + 1):
        cost = _COSTS.get(toneless[start:end])
        if cost is None:
            return
        if cost and _is_spelled(letters[start:end]):
            yield end, cost


def _ends(starts: list[int]) -> list[int]:
    ends, at = [], len(starts) - 1
    while at:
        ends.append(at)
        at = starts[at]
    return ends[::-1]

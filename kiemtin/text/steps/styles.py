"""Full-width and styled letters (ｓａｌｅ, 𝐬𝐚𝐥𝐞, ⓢⓐⓛⓔ) become plain ones."""

import re
import unicodedata
from collections.abc import Iterator

from kiemtin.text.offsets import Edit

# Letterlike symbols, circled letters, mathematical alphanumerics, full-width forms.
_STYLED = re.compile("[\u2100-\u214f\u24b6-\u24e9\U0001d400-\U0001d7ff\uff01-\uff5e]")


def find(text: str) -> Iterator[Edit]:
    """Yield a replacement for each styled character that has an ASCII meaning."""
    if text.isascii():
        return
    for m in _STYLED.finditer(text):
        plain = unicodedata.normalize("NFKC", m[0])
        if plain.isascii():
            yield Edit(m.start(), m.end(), plain)

"""Characters that nobody sees, put inside words to hide them from filters: removed."""

from collections.abc import Iterator

import regex

from kiemtin.text.offsets import Edit

# Default_Ignorable_Code_Point (UAX 44): soft hyphen, zero-width joiners and spaces,
# bidirectional controls, Hangul fillers, variation selectors, tags. U+180E and
# the Braille blank are not in the property of every version but look like nothing.
_INVISIBLE = regex.compile(
    "[\\p{Default_Ignorable_Code_Point}\u180e\u2800\ufff9-\ufffb]+"
)


def find(text: str) -> Iterator[Edit]:
    """Yield a removal for each run of invisible characters."""
    if text.isascii():
        return iter(())
    return (Edit(m.start(), m.end(), "") for m in _INVISIBLE.finditer(text))

"""HTML entities (&agrave;, &#273;, &amp;lt;) become the characters that they stand for."""

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5

from kiemtin.text.offsets import Edit

# "&amp;amp;lt;" was escaped three times: all the layers are one match. Without a
# semicolon only what pages of broken exports are full of; "&copy=" is an address.
_ENTITY = re.compile(
    r"&((?:(?:amp|#0{0,4}38|#[xX]0{0,4}26);)*)"
    r"(#[0-9]{1,8};|#[xX][0-9a-fA-F]{1,7};|[A-Za-z][A-Za-z0-9]{1,31};"
    r"|(?:[aeiouyAEIOUY](?:grave|acute|circ|tilde)|nbsp)(?![\u0300-\u036f]))?"
)


def find(text: str) -> Iterator[Edit]:
    """Yield a replacement for each entity, however often it was escaped."""
    if "&" not in text:
        return
    for m in _ENTITY.finditer(text):
        layers, body = m.groups(default="")
        named = html5.get(body) or html5.get(body + ";")
        if body.startswith("#"):
            named = unescape(f"&{body}")
        if named is not None:
            yield Edit(m.start(), m.end(), named)
        elif layers:
            yield Edit(m.start(), m.end(1), "&")

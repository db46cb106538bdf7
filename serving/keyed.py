"""Names and texts that are kept only as what a secret makes of them."""

import hashlib
import hmac


class Keyed:
    """
    Makes pseudonyms; the same for the same secret, on every replica.

    Args:
        secret: At least 16 bytes that nobody else knows.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def person(self, name: str) -> str:
        """Return the pseudonym of who holds keys of *name*."""
        return f"rev_{self._digest('person', name)[:16]}"

    def author(self, source: str, author_id: str) -> str:
        """Return what is kept of an author, who is another one in each source."""
        return self._digest("author", source, author_id)

    def text(self, text: str) -> str:
        """Return what is kept of a text when the text is gone."""
        return self._digest("text", text)

    def _digest(self, kind: str, *parts: str) -> str:
        content = "\0".join((kind, *parts)).encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, content, hashlib.sha256).hexdigest()

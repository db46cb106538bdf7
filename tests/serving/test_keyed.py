"""Pseudonyms: the same for the same, and nothing to be read from them."""

from concurrent.futures import ThreadPoolExecutor

from serving.db import Database, Secrets
from serving.keyed import Keyed

ONE, OTHER = Keyed(b"a" * 32), Keyed(b"b" * 32)


def test_the_same_secret_makes_the_same() -> None:
    """Every replica knows a person, an author and a text by the same name."""
    again = Keyed(b"a" * 32)

    assert ONE.person("lan") == again.person("lan")
    assert ONE.author("fb", "1") == again.author("fb", "1")
    assert ONE.text("xin chào") == again.text("xin chào")


def test_another_secret_makes_another() -> None:
    """Without the secret nobody can try names until one fits."""
    assert ONE.person("lan") != OTHER.person("lan")
    assert ONE.text("xin chào") != OTHER.text("xin chào")


def test_what_is_different_stays_so() -> None:
    """Authors of two sources, or names that run together, are not mixed up."""
    assert ONE.author("fb", "1") != ONE.author("zalo", "1")
    assert ONE.author("f", "b1") != ONE.author("fb", "1")
    assert ONE.author("", "text") != ONE.text("text")


def test_half_a_character_has_a_digest() -> None:
    """A text that cannot be written in UTF-8 still can be known again."""
    assert len(ONE.text("\ud800")) == 64


def test_replicas_agree_on_a_secret(database: Database) -> None:
    """Who comes first makes it; all others take that one."""
    database.migrate()

    def ask(n: int) -> str:
        with database.session() as session:
            return Secrets(session).get_or_make("keyed")

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(ask, range(8)))

    assert len(found) == 1
    assert len(found.pop()) == 64

"""The compact tokenizer reads anything."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from kiemtin.text import Encoder, WindowSpec, normalize
from kiemtin.text.encode import UNKNOWN
from kiemtin.text.steps.placeholders import PLACEHOLDERS
from training.pretraining.tokenizer import train_tokenizer

TEXTS = ["Đồng bào cả nước", "đồng hồ đẹp quá", "cả nhà ơi xem <url> 😂😂"] * 20


def test_nothing_is_unknown() -> None:
    """Letters that were never seen are bytes, not holes."""
    tokenizer = train_tokenizer(TEXTS, vocab_size=400)
    unknown = tokenizer.token_to_id(UNKNOWN)

    @given(st.text(st.characters(codec="utf-8")))
    def check(text: str) -> None:
        assert unknown not in tokenizer.encode(text).ids

    check()


def test_special_tokens_come_first() -> None:
    """The ids are those that RoBERTa and PhoBERT have."""
    tokenizer = train_tokenizer(TEXTS, vocab_size=400)

    first = [tokenizer.id_to_token(i) for i in range(5)]

    assert first == ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    assert tokenizer.get_vocab_size() <= 400


def test_case_makes_no_difference() -> None:
    """A shouted text has the ids of a quiet one."""
    tokenizer = train_tokenizer(TEXTS, vocab_size=400)

    assert tokenizer.encode("ĐỒNG HỒ").ids == tokenizer.encode("đồng hồ").ids


def test_placeholders_are_words_and_special_tokens_are_not(tmp_path: Path) -> None:
    """A link is one token; an end that an author typed is not an end."""
    path = tmp_path / "tokenizer.json"
    train_tokenizer(TEXTS, vocab_size=400).save(str(path))
    encoder = Encoder.from_file(path, WindowSpec(64, 8, 4))
    tokenizer = Tokenizer.from_file(str(path))

    ids = encoder.encode(normalize("xem https://a.vn </s> <mask>")).ids

    assert tokenizer.token_to_id(PLACEHOLDERS[0]) in ids
    assert not {0, 1, 2, 3, 4} & set(ids)

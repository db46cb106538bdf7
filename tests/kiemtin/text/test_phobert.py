"""PhoBERT's ids, from a tokenizer in Rust."""

import json
import lzma
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import WhitespaceSplit
from tokenizers.trainers import BpeTrainer
from transformers import PhobertTokenizer

from kiemtin.errors import PhobertFilesError
from kiemtin.text import Encoder, WindowSpec, normalize
from kiemtin.text.phobert import (
    MERGES_FILE,
    VOCABULARY_FILE,
    build_tokenizer,
    export_tokenizer,
    fold_unknown,
)
from tests.fixtures.checkout import ROOT

SHARED = ROOT.parent / "shared"
SENTENCES = (
    "công_an cảnh_báo vấn_đề lừa_đảo",
    "vấn_đề này rất phát_triển và đặc_biệt nghiêm_trọng",
    "nhân_dân cảnh_giác với vấn_đề lừa_đảo qua mạng",
    "phát_triển đặc_biệt nhanh aaa aaaa",
)
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")

# What the tiny merges know, and what the reference treats in ways of its own.
PIECES = (*"".join(SENTENCES), *SENTENCES, *SPECIAL, "@", "@@", "</w>", "\n", "\x1c")
TEXTS = st.lists(
    st.one_of(
        st.sampled_from([*PIECES, "\u00a0", "\u200b", "😀"]),
        st.sampled_from(SPECIAL),
        st.text(st.characters(codec="utf-8"), max_size=3),
    )
).map("".join)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vocabulary and merges as PhoBERT's: every third merge makes a lacking piece."""
    tokenizer = Tokenizer(BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    trainer = BpeTrainer(vocab_size=180, end_of_word_suffix="</w>", show_progress=False)
    tokenizer.train_from_iterator(SENTENCES, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    lacking = {a + b for a, b in model["merges"][::3]}
    folder = tmp_path_factory.mktemp("phobert")
    write_files(
        folder, [p for p in model["vocab"] if p not in lacking], model["merges"]
    )
    return folder


def write_files(folder: Path, pieces: list[str], merges: list[tuple[str, str]]) -> None:
    """Write the two files of a PhoBERT into *folder*."""
    entries = [
        p.removesuffix("</w>") if p.endswith("</w>") else f"{p}@@" for p in pieces
    ]
    (folder / VOCABULARY_FILE).write_text("".join(f"{e} 7\n" for e in entries))
    (folder / MERGES_FILE).write_text("".join(f"{a} {b} 9\n" for a, b in merges))


def reference(folder: Path, *, split_special_tokens: bool = False) -> PhobertTokenizer:
    """Return the tokenizer that PhoBERT was published with, in Python."""
    return PhobertTokenizer(  # type: ignore[no-untyped-call]
        str(folder / VOCABULARY_FILE),
        str(folder / MERGES_FILE),
        split_special_tokens=split_special_tokens,
    )


def mask_id(tokenizer: Tokenizer) -> int:
    """Return the id of the mask, the last one that PhoBERT knows."""
    found = tokenizer.token_to_id("<mask>")
    assert found is not None
    return found


def folded(tokenizer: Tokenizer, text: str, pair: str | None = None) -> list[int]:
    """Return the ids of a text, or of two, as PhoBERT reads them."""
    ids = np.array(tokenizer.encode(text, pair).ids, np.int64)
    return [int(i) for i in fold_unknown(ids, mask_id(tokenizer))]


@pytest.mark.parametrize("special_is_text", [False, True])
def test_ids_of_any_text(files: Path, *, special_is_text: bool) -> None:
    """For any text, also one that says </s>, all ids are PhoBERT's own."""
    slow = reference(files, split_special_tokens=special_is_text)
    fast = build_tokenizer(files)
    fast.encode_special_tokens = special_is_text

    @given(TEXTS)
    def check(text: str) -> None:
        assert folded(fast, text) == slow(text)["input_ids"]

    check()


def test_lacking_pieces_are_met(files: Path) -> None:
    """The tiny vocabulary has the trouble that it is made for."""
    fast = build_tokenizer(files)

    assert max(fast.encode("vấn_đ").ids) > mask_id(fast)
    assert max(folded(fast, "vấn_đ")) <= mask_id(fast)


def test_special_ids(files: Path) -> None:
    """Special tokens have the ids of PhoBERT: four before the vocabulary, one behind."""
    fast = build_tokenizer(files)
    n_entries = len((files / VOCABULARY_FILE).read_text().splitlines())

    assert [fast.token_to_id(t) for t in SPECIAL] == [0, 1, 2, 3, 4 + n_entries]


def test_pair(files: Path) -> None:
    """Two texts are read as PhoBERT reads a pair, with two ends between them."""
    pair = ("công_an", "lừa_đảo")

    assert folded(build_tokenizer(files), *pair) == reference(files)(*pair)["input_ids"]


def test_exported_file_is_the_same(files: Path, tmp_path: Path) -> None:
    """A server that loads tokenizer.json gets the same ids; none of them is skipped."""
    path = tmp_path / "tokenizer.json"
    export_tokenizer(files, path)

    loaded, built = Tokenizer.from_file(str(path)), build_tokenizer(files)

    assert loaded.to_str() == built.to_str()
    assert sorted(loaded.get_vocab().values()) == [*range(loaded.get_vocab_size())]
    assert loaded.encode(SENTENCES[0]).ids == built.encode(SENTENCES[0]).ids


@given(text=TEXTS)
def test_spans(files: Path, text: str) -> None:
    """The tokens of a word are its characters, one after the other, none left out."""
    encoding = build_tokenizer(files).encode(text, add_special_tokens=False)

    pieces = "".join(text[a:b] for a, b in encoding.offsets)

    assert "".join(pieces.split()) == "".join(text.split())


def test_encoder_takes_it(files: Path, tmp_path: Path) -> None:
    """It serves as the tokenizer of a bundle, and a post that says </s> goes on."""
    export_tokenizer(files, tmp_path / "tokenizer.json")
    encoder = Encoder.from_file(tmp_path / "tokenizer.json", WindowSpec(10, 2, 4))
    text = normalize("lừa_đảo </s> 😀")

    encoded = encoder.encode(text)

    assert encoder.end_id not in encoded.ids
    assert "".join(text.text[a:b] for a, b in encoded.spans) == "lừa_đảo</s>😀"


def test_decoded_text(files: Path) -> None:
    """Known words come back as they were."""
    fast = build_tokenizer(files)

    assert fast.decode(fast.encode("aaa aaaa").ids) == "aaa aaaa"


@pytest.mark.parametrize(
    ("pieces", "merges", "said"),
    [
        (["a", "b</w>", "a"], [], "one of them twice"),
        (["a</w>", "a</w>@@</w>"], [], "one of them twice"),
        (["<s></w>"], [], "one of them twice"),
        (["a", "b"], [("a", "b"), ("b", "c"), ("a", "bc"), ("b", "c")], "line 4"),
        (["<", "s>"], [("<", "s>")], "reads like"),
        (["<", "s></w>"], [("<", "s></w>")], "reads like"),
        (["a", "@@</w>"], [("a", "@@</w>")], "reads like"),
    ],
)
def test_ambiguous_files_are_refused(
    tmp_path: Path, pieces: list[str], merges: list[tuple[str, str]], said: str
) -> None:
    """Files for which the same ids could not be promised are not taken."""
    write_files(tmp_path, pieces, merges)

    with pytest.raises(PhobertFilesError, match=said):
        build_tokenizer(tmp_path)


@pytest.mark.parametrize("content", [b"a", b"a 1\nb\n", b"\xff 1\n", b""])
def test_what_is_no_vocabulary_is_refused(tmp_path: Path, content: bytes) -> None:
    """Another file in its place is refused by name."""
    write_files(tmp_path, ["a"], [])
    (tmp_path / VOCABULARY_FILE).write_bytes(content)

    with pytest.raises(PhobertFilesError, match=VOCABULARY_FILE):
        build_tokenizer(tmp_path)


@pytest.mark.parametrize("name", [VOCABULARY_FILE, MERGES_FILE])
def test_missing_file_is_named(tmp_path: Path, name: str) -> None:
    """It is said which file is not there."""
    write_files(tmp_path, ["a"], [])
    (tmp_path / name).unlink()

    with pytest.raises(PhobertFilesError, match=name):
        build_tokenizer(tmp_path)


def test_merges_of_no_break_spaces_are_left_out(tmp_path: Path) -> None:
    """PhoBERT's merges with a no-break space can never be made, and harm nothing."""
    write_files(tmp_path, ["k", "m</w>"], [("\u00a0", "k"), ("k", "m</w>")])

    assert (
        folded(build_tokenizer(tmp_path), "km")
        == reference(tmp_path)("km")["input_ids"]
    )


def test_merges_that_break_off(tmp_path: Path) -> None:
    """A last line without an end is left out, as PhoBERT leaves it out."""
    write_files(tmp_path, ["k", "m</w>", "km</w>"], [])
    (tmp_path / MERGES_FILE).write_text("k m</w> 1")

    assert (
        folded(build_tokenizer(tmp_path), "km")
        == reference(tmp_path)("km")["input_ids"]
    )


def test_joiner_of_pieces_is_a_word(tmp_path: Path) -> None:
    """The entry @@ of the vocabulary is a word, and no piece of nothing."""
    write_files(tmp_path, ["@@</w>"], [])

    assert build_tokenizer(tmp_path).get_vocab()["@@</w>"] == 4


@pytest.mark.slow
def test_ids_of_real_sentences() -> None:
    """On some thousand real lines and words, no id differs from PhoBERT's own."""
    folder, corpus = SHARED / "phobert-tokenizer", SHARED / "corpora/social.jsonl.xz"
    if not (folder.is_dir() and corpus.is_file()):
        pytest.skip(f"no PhoBERT or corpora at {SHARED}: only the tiny one is tested")
    with lzma.open(corpus, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in islice(lines, 5_000)]
    texts += [t.replace(" ", "_") for t in texts]
    slow, fast = reference(folder), build_tokenizer(folder)

    differ = [i for i, t in enumerate(texts) if folded(fast, t) != slow(t)["input_ids"]]

    assert differ == []

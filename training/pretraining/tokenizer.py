"""Train the compact model's tokenizer: lower-cased byte-level BPE on raw syllables."""

from collections.abc import Iterable

from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, Sequence, Split
from tokenizers.processors import TemplateProcessing
from tokenizers.trainers import BpeTrainer

from kiemtin.text.encode import BEGIN, END, MASK, PAD, UNKNOWN
from kiemtin.text.steps.placeholders import PLACEHOLDERS

# A word with the space before it, up to three digits, or a run of one sign.
_PIECES = Regex(r" ?\p{L}[\p{L}\p{M}]*| ?\p{N}{1,3}| ?([^\s\p{L}\p{N}])\1*|\s")


def train_tokenizer(documents: Iterable[str], *, vocab_size: int) -> Tokenizer:
    """
    Return a tokenizer with *vocab_size* tokens that can read any text.

    Bytes that no merge joins are tokens of their own, so emoji and rare letters
    never become unknown. Case is dropped: a decision must hardly depend on it.
    """
    tokenizer = Tokenizer(BPE(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = Sequence(
        [Split(_PIECES, "isolated"), ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = BpeTrainer(
        vocab_size=vocab_size - len(PLACEHOLDERS),
        min_frequency=3,
        special_tokens=[BEGIN, PAD, END, UNKNOWN, MASK],
        initial_alphabet=ByteLevel.alphabet(),
        max_token_length=24,
        show_progress=False,
    )
    tokenizer.train_from_iterator(documents, trainer)
    # Placeholders are words to read, unlike special tokens: see kiemtin.text.encode.
    tokenizer.add_tokens([AddedToken(p, normalized=False) for p in PLACEHOLDERS])
    tokenizer.post_processor = TemplateProcessing(
        single=f"{BEGIN} $A {END}",
        pair=f"{BEGIN} $A {END} {END} $B {END}",
        special_tokens=[(BEGIN, 0), (END, 2)],
    )
    return tokenizer

"""What is asked of the encoder: which tokens are hidden, and how."""

from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor

BEGIN_ID, PAD_ID, MASK_ID, N_SPECIAL = 0, 1, 4, 5
IGNORED = -100

_SPACE = "Ġ"
"""How byte-level BPE writes the space that a word begins with."""


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A batch with gaps.

    Attributes:
        ids: Tokens with gaps, shape (rows, tokens).
        positions: Which tokens of each row are asked for, shape (rows, asked).
        targets: What stood there, or ``IGNORED``, of the same shape.
    """

    ids: Tensor
    positions: Tensor
    targets: Tensor


def mask_tokens(
    ids: Tensor,
    share: float,
    vocab_size: int,
    rng: torch.Generator,
    *,
    begins_word: Tensor | None = None,
) -> Asked:
    """
    Hide a *share* of the tokens, as many in each row, on the device of *ids*.

    Of the chosen tokens 80 % are masked, 10 % replaced and 10 % kept (BERT). As many
    in each row, so that nothing has another shape from step to step.

    Args:
        ids: Shape (rows, tokens).
        share: Which part is chosen; special tokens never are.
        vocab_size: From which tokens replacements are drawn.
        rng: Of the same device.
        begins_word: Of each token of the vocabulary, whether a word begins with it.
            With it, words are chosen whole, but for one a row.
    """
    n_asked = max(1, round(share * ids.shape[1]))
    draw = torch.rand(ids.shape, generator=rng, device=ids.device)
    if begins_word is not None:
        word = begins_word[ids].long().cumsum(dim=1)
        word -= word[:, :1].clone()
        draw = draw.gather(1, word)
    draw = draw.masked_fill(ids < N_SPECIAL, -1)
    positions = draw.topk(n_asked, dim=1, sorted=False).indices
    stood = ids.gather(1, positions)
    fate = torch.rand(positions.shape, generator=rng, device=ids.device)
    anything = torch.randint(
        N_SPECIAL, vocab_size, positions.shape, generator=rng, device=ids.device
    )
    special = stood < N_SPECIAL
    put = torch.where(fate < 0.8, MASK_ID, stood)  # noqa: PLR2004 -- BERT's shares
    put = torch.where(fate >= 0.9, anything, put)  # noqa: PLR2004
    put = torch.where(special, stood, put)
    targets = torch.where(special, IGNORED, stood)
    return Asked(ids.scatter(1, positions, put), positions, targets)


def words_begin(tokenizer: Tokenizer) -> Tensor:
    """Return of each token whether a word, a number or a sign begins with it."""
    n_tokens = tokenizer.get_vocab_size()
    tokens = (tokenizer.id_to_token(i) or "" for i in range(n_tokens))
    return torch.tensor(
        [t.startswith(_SPACE) or not t[:1].isalpha() for t in tokens], dtype=torch.bool
    )

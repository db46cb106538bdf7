"""
What can go wrong in training only, grown from the tree of ``kiemtin.errors``.

* KiemtinError
  x RecipeError          no such recipe, or a key is unknown, missing or out of range
  x CorpusMissingError   a published set is not where it was looked for
  x EncoderMissingError  there is no pretrained encoder where it was looked for
  x DivergedError        the loss is not a number
  x ExportError          the exported graph does not compute what the network does
"""

from kiemtin.errors import KiemtinError


class RecipeError(KiemtinError):
    """There is no such recipe, or a key is unknown, missing or out of range."""

    code = "recipe"


class CorpusMissingError(KiemtinError):
    """A published set is not where it was looked for."""

    code = "corpus_missing"


class EncoderMissingError(KiemtinError):
    """There is no pretrained encoder where it was looked for."""

    code = "encoder_missing"


class DivergedError(KiemtinError):
    """The loss is not a number."""

    code = "diverged"


class ExportError(KiemtinError):
    """The exported graph does not compute what the network does."""

    code = "export"

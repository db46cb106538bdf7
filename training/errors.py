"""
What can go wrong in training only, grown from the tree of ``kiemtin.errors``.

* KiemtinError
  x RecipeError          no such recipe, or a key is unknown, missing or out of range
  x CorpusMissingError   a published set is not where it was looked for
  x SourcesError         data/sources.toml is not what it should be
  x FetchError           a published file could not be fetched
    x DigestError        what was fetched is not what was published
  x PreparedError        there is no prepared set, or it was made by other rules
  x EncoderMissingError  there is no pretrained encoder where it was looked for
  x DivergedError        the loss is not a number
  x CheckpointError      a checkpoint cannot be written or read, or is of another run
  x ExportError          the graph is not what the network is, or loses too much
  x StoreError           MLflow's store cannot be reached or written
  x NoModelError         the registry has no such model, version or alias
  x GateError            a challenger must not become champion; it says why
"""

from kiemtin.errors import KiemtinError


class RecipeError(KiemtinError):
    """There is no such recipe, or a key is unknown, missing or out of range."""

    code = "recipe"


class CorpusMissingError(KiemtinError):
    """A published set is not where it was looked for."""

    code = "corpus_missing"


class SourcesError(KiemtinError):
    """``data/sources.toml`` is not what it should be."""

    code = "sources"


class FetchError(KiemtinError):
    """A published file could not be fetched."""

    code = "fetch"


class DigestError(FetchError):
    """What was fetched is not what was published, or not what is there."""

    code = "digest_mismatch"


class PreparedError(KiemtinError):
    """There is no prepared set where it was looked for, or other rules made it."""

    code = "prepared"


class EncoderMissingError(KiemtinError):
    """There is no pretrained encoder where it was looked for."""

    code = "encoder_missing"


class DivergedError(KiemtinError):
    """The loss is not a number."""

    code = "diverged"


class CheckpointError(KiemtinError):
    """A checkpoint cannot be written or read, or is of another run."""

    code = "checkpoint"


class ExportError(KiemtinError):
    """The exported graph is not what the network is, or loses more than is allowed."""

    code = "export"


class StoreError(KiemtinError):
    """MLflow's store cannot be reached, or does not take what is written to it."""

    code = "store"


class NoModelError(KiemtinError):
    """The registry has no such model, version or alias."""

    code = "no_model"


class GateError(KiemtinError):
    """A challenger must not become the champion."""

    code = "gate"

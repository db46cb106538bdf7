"""
Everything that can go wrong in kiemtin, as one tree.

* KiemtinError
  x InputError                the text or line we were given cannot be scored
    + EmptyTextError          nothing is left of it after normalization
    + TextTooLongError        more characters than the limit
    + InvalidUnicodeError     half of a surrogate pair, or bytes that are not UTF-8
    + MalformedItemError      not a JSON object with a text
  x BundleError               the model on disk is not what it says it is
    + BundleMissingError      a file that every bundle has is not there
    + BundleCorruptError      a file is not the one that was exported
    + BundleForeignFileError  a file that the manifest does not name
    + BundleMismatchError     made by code that reads text differently
    + BundleGoldenError       golden texts get other scores than when exported
    + ProviderUnavailableError  the device that should run it is not there
    + SegmenterUnavailableError  its word segmenter is not installed, or another version
  x FileUnreadableError       a file named on the command line cannot be read
  x OutputUnwritableError     standard output takes no more, its disk is full
  x FolderUnwritableError     a folder takes nothing that we would put into it
  x HelperLostError           a process that helped ended before its work did
  x ExtraMissingError         a subcommand needs packages that are not installed
  x PhobertFilesError         vocab.txt or bpe.codes are not there, or not a PhoBERT's

Errors that only serving or only training can meet grow from KiemtinError in
``serving/errors.py`` and ``training/errors.py``. Nothing here knows about HTTP;
``serving/problems.py`` maps every code to a response.
"""

from typing import ClassVar


class KiemtinError(Exception):
    """Superclass of all our errors. Never raised directly."""

    code: ClassVar[str] = "error"


class InputError(KiemtinError):
    """The text cannot be scored."""


class EmptyTextError(InputError):
    """Nothing is left of the text after normalization."""

    code = "empty_text"


class TextTooLongError(InputError):
    """The text has more characters than the limit."""

    code = "text_too_long"


class InvalidUnicodeError(InputError):
    """The text holds half of a surrogate pair, or its bytes are not UTF-8."""

    code = "invalid_unicode"


class MalformedItemError(InputError):
    """The line is not a JSON object with a text."""

    code = "malformed_item"


class BundleError(KiemtinError):
    """The model bundle cannot be used."""


class BundleMissingError(BundleError):
    """A file that every bundle has is not there."""

    code = "bundle_missing"


class BundleCorruptError(BundleError):
    """A file does not have the checksum that the manifest promises."""

    code = "bundle_corrupt"


class BundleForeignFileError(BundleError):
    """The folder holds a file that the manifest does not name."""

    code = "bundle_foreign_file"


class BundleMismatchError(BundleError):
    """The bundle was made by code that preprocesses text differently."""

    code = "bundle_mismatch"


class BundleGoldenError(BundleError):
    """The golden texts do not get the scores that they got when exported."""

    code = "bundle_golden"


class ProviderUnavailableError(BundleError):
    """The device that should run the network is not there."""

    code = "provider_unavailable"


class SegmenterUnavailableError(BundleError):
    """The word segmenter that a bundle needs is not installed, or another version."""

    code = "segmenter_unavailable"


class FileUnreadableError(KiemtinError):
    """A file that was named on the command line cannot be read."""

    code = "file_unreadable"


class OutputUnwritableError(KiemtinError):
    """Standard output does not take what is written to it."""

    code = "output_unwritable"


class FolderUnwritableError(KiemtinError):
    """A folder that was named on the command line cannot be written."""

    code = "folder_unwritable"


class HelperLostError(KiemtinError):
    """A process that helped to score ended before its work did."""

    code = "helper_lost"


class ExtraMissingError(KiemtinError):
    """A subcommand needs packages that come with an extra."""

    code = "extra_missing"


class PhobertFilesError(KiemtinError):
    """The vocabulary or the merges of a PhoBERT are not there, or not a PhoBERT's."""

    code = "phobert_files"

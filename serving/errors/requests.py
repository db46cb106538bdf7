"""What is wrong with a request."""

from collections.abc import Sequence

from kiemtin.errors import KiemtinError


class RequestError(KiemtinError):
    """The request cannot be read."""


class MalformedRequestError(RequestError):
    """What came is not a request of HTTP/1.1, or could be read in two ways."""

    code = "malformed_request"


class BodyTimeoutError(RequestError):
    """The body did not come to its end in time."""

    code = "body_timeout"


class MalformedJsonError(RequestError):
    """The body is not JSON, or is nested too deeply."""

    code = "malformed_json"


class MalformedFormError(RequestError):
    """The body is not a form."""

    code = "malformed_form"


class UnsupportedMediaTypeError(RequestError):
    """The body is of a type, charset or compression that we do not read."""

    code = "unsupported_media_type"


class MalformedEncodingError(RequestError):
    """The body is not compressed as it says, or not to its end."""

    code = "malformed_encoding"


class StreamIdleError(RequestError):
    """The caller sent nothing, or took nothing, for too long."""

    code = "stream_idle"


class LineTooLongError(RequestError):
    """The line has more bytes than the limit."""

    code = "line_too_long"


class HeadersTooLargeError(RequestError):
    """The address and the headers have more bytes than the limit."""

    code = "headers_too_large"


class BodyTooLargeError(RequestError):
    """The body has more bytes than the limit."""

    code = "body_too_large"


class UnknownFieldError(RequestError):
    """There is a field that we do not know."""

    code = "unknown_field"


class InvalidFieldError(RequestError):
    """A field has a value that we cannot use."""

    code = "invalid_field"


class EmptyBatchError(RequestError):
    """The batch has no items."""

    code = "empty_batch"


class TooManyValuesError(RequestError):
    """The JSON has more values than any request of ours needs."""

    code = "too_many_values"


class TooManyItemsError(RequestError):
    """The batch has more items than the limit."""

    code = "too_many_items"


class DuplicateIdError(RequestError):
    """An earlier item of the batch has the same id."""

    code = "duplicate_id"


class MissingAttributesError(RequestError):
    """The request names nothing that the comment should be analyzed for."""

    code = "missing_attributes"


class UnsupportedAttributeError(RequestError):
    """The request names an attribute that we do not measure."""

    code = "unsupported_attribute"


class UnsupportedLanguageError(RequestError):
    """
    The comment is in a language that we do not read.

    Args:
        message: Which attribute was asked for in which language.
        attribute: The attribute.
        requested: What the caller says that the languages are.
        detected: What we see, where the caller says nothing.
    """

    code = "unsupported_language"

    def __init__(
        self,
        message: str,
        *,
        attribute: str,
        requested: Sequence[str] = (),
        detected: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.attribute = attribute
        self.requested = requested
        self.detected = detected


class MalformedTensorError(RequestError):
    """A tensor is not what its shape, type or size says."""

    code = "malformed_tensor"


class NotFoundError(RequestError):
    """Nothing is at this address."""

    code = "not_found"


class MethodNotAllowedError(RequestError):
    """Something is at this address, but not for this method."""

    code = "method_not_allowed"

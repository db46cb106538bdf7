"""
What only the service can meet, grown from the tree of ``kiemtin.errors``.

* KiemtinError
  x RequestError                 the request cannot be read
    + MalformedJsonError         not JSON, or nested too deeply
    + MalformedFormError         not a form
    + UnsupportedMediaTypeError  neither of the two, or compressed
    + BodyTooLargeError          more bytes than the limit
    + UnknownFieldError          a field that we do not know
    + InvalidFieldError          a field with a value that we cannot use
    + EmptyBatchError            a batch of nothing
    + TooManyItemsError          more items than the limit
    + DuplicateIdError           an earlier item of the batch has this id
    + NotFoundError              nothing is at this address
    + MethodNotAllowedError      something is, but not for this method
  x DatabaseUnavailableError     the database cannot be reached or written
  x AddressError                 the service cannot listen where it should
    + PortInUseError             somebody else listens there
    + AddressUnavailableError    the address is not ours to use
  x InvalidSettingError          a KIEMTIN_* variable has a value that we cannot use
  x InternalError                a mistake of ours
"""

from kiemtin.errors import KiemtinError


class RequestError(KiemtinError):
    """The request cannot be read."""


class MalformedJsonError(RequestError):
    """The body is not JSON, or is nested too deeply."""

    code = "malformed_json"


class MalformedFormError(RequestError):
    """The body is not a form."""

    code = "malformed_form"


class UnsupportedMediaTypeError(RequestError):
    """The body is of a type, charset or compression that we do not read."""

    code = "unsupported_media_type"


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


class TooManyItemsError(RequestError):
    """The batch has more items than the limit."""

    code = "too_many_items"


class DuplicateIdError(RequestError):
    """An earlier item of the batch has the same id."""

    code = "duplicate_id"


class NotFoundError(RequestError):
    """Nothing is at this address."""

    code = "not_found"


class MethodNotAllowedError(RequestError):
    """Something is at this address, but not for this method."""

    code = "method_not_allowed"


class DatabaseUnavailableError(KiemtinError):
    """The database cannot be reached, read or written."""

    code = "database_unavailable"


class AddressError(KiemtinError):
    """The service cannot listen where it was told to."""


class PortInUseError(AddressError):
    """Another process listens on the port."""

    code = "port_in_use"


class AddressUnavailableError(AddressError):
    """The address is not one of this machine, or not ours to use."""

    code = "address_unavailable"


class InvalidSettingError(KiemtinError):
    """A variable of the environment has a value that we cannot use."""

    code = "invalid_setting"


class InternalError(KiemtinError):
    """We made a mistake."""

    code = "internal_error"

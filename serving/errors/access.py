"""Who may not, and what is wrong with keys."""

from kiemtin.errors import KiemtinError


class AccessError(KiemtinError):
    """Who asks may not."""


class UnauthenticatedError(AccessError):
    """A valid key is needed."""

    code = "unauthenticated"


class ForbiddenError(AccessError):
    """The key is valid, but does not have the scope that is needed."""

    code = "forbidden"


class ForeignHostError(AccessError):
    """Without keys the service answers only under the names of its own machine."""

    code = "foreign_host"


class ForeignFormError(AccessError):
    """The form was not sent by a page of this session."""

    code = "foreign_form"


class KeysMissingError(KiemtinError):
    """Other machines could reach the service, and nobody has a key to it."""

    code = "keys_missing"


class TooManyKeysError(KiemtinError):
    """The name has two live keys already."""

    code = "too_many_keys"


class KeyNotFoundError(KiemtinError):
    """No key is meant, or more than one."""

    code = "key_not_found"

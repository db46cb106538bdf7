"""What is wrong with the service, or where it runs."""

from kiemtin.errors import KiemtinError


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

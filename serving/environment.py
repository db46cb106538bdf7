"""The settings of a command: its options before the environment."""

from typing import Any

from pydantic import ValidationError

from serving.errors import InvalidSettingError
from serving.settings import Settings


def read_settings(**options: Any) -> Settings:
    """
    Return the settings, with the *options* that are not None before the environment.

    Raises:
        InvalidSettingError: If one of them has a value that we cannot use.
    """
    given = {k: v for k, v in options.items() if v is not None}
    try:
        return Settings(**given)
    except ValidationError as e:
        first = e.errors(include_input=False)[0]
        msg = f"KIEMTIN_{str(first['loc'][0]).upper()}: {first['msg']}"
        raise InvalidSettingError(msg) from None

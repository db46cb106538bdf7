"""Why no other model can be made the one that scores."""

from kiemtin.errors import KiemtinError


class ModelChoiceError(KiemtinError):
    """No other model can be made the one that scores."""


class ModelUnknownError(ModelChoiceError):
    """There is no model as it is asked for."""

    code = "model_unknown"


class ModelAmbiguousError(ModelChoiceError):
    """More than one model may be meant."""

    code = "model_ambiguous"


class NoPreviousModelError(ModelChoiceError):
    """No model is known that scored before this one."""

    code = "no_previous_model"


class ModelRefusedError(ModelChoiceError):
    """The model does not prove itself; the one that scores goes on."""

    code = "model_refused"

"""The one way from raw text to model input, used by training and serving."""

from kiemtin.text.encode import Encoded, Encoder, WindowSpec
from kiemtin.text.normalize import NORMALIZER_VERSION, Normalized, normalize

__all__ = [
    "NORMALIZER_VERSION",
    "Encoded",
    "Encoder",
    "Normalized",
    "WindowSpec",
    "normalize",
]

"""An inference request: its JSON, and the bytes that may come after it."""

from itertools import islice

from fastapi import Request
from pydantic import ValidationError

from kiemtin.errors import InvalidUnicodeError
from serving.bodies import most_values, parse_json
from serving.doors.inference.tensors import unpack_bytes
from serving.errors import MalformedTensorError, TooManyItemsError
from serving.schemas.inference import InferIn, InputTensorIn
from serving.validation import first_error

HEADER = "Inference-Header-Content-Length"
"""Says how many bytes of a body are JSON; the rest are tensors (binary extension)."""


async def read_request(request: Request) -> tuple[InferIn, list[str]]:
    """
    Return what is asked for, and the texts.

    Raises:
        MalformedJsonError: If what should be JSON is not.
        InvalidFieldError: If a field is not what the protocol or this model says.
        TooManyItemsError: If there are more texts than the limit.
        MalformedTensorError: If the tensor is not what its shape or size says.
        InvalidUnicodeError: If a text is not UTF-8.
    """
    body = await request.body()
    most_items: int = request.app.state.settings.max_items
    n_json = _json_length(request.headers.get(HEADER), len(body))
    try:
        most = most_values(most_items)
        asked = InferIn.model_validate(parse_json(body[:n_json], most=most))
    except ValidationError as e:
        errors = e.errors(include_input=False, include_url=False)
        raise first_error(errors) from None
    tensor = asked.inputs[0]
    if tensor.shape[0] > most_items:  # before so many are made of the bytes
        msg = f"text: {tensor.shape[0]} items, a request has at most {most_items}"
        raise TooManyItemsError(msg)
    return asked, _texts_of(tensor, body[n_json:])


def _json_length(announced: str | None, n_bytes: int) -> int:
    if announced is None:
        return n_bytes
    digits = announced.lstrip("0") or announced[-1:]
    is_number = announced.isascii() and announced.isdecimal()
    # Longer ones need not be read, and the longest cannot be.
    if not is_number or len(digits) > len(str(n_bytes)) or int(digits) > n_bytes:
        msg = f"{HEADER} is not a number of bytes up to {n_bytes}, the whole body"
        raise MalformedTensorError(msg)
    return int(digits)


def _texts_of(tensor: InputTensorIn, binary: bytes) -> list[str]:
    size = tensor.parameters.binary_data_size
    if (size is None) == (tensor.data is None):
        msg = "text: either data or binary_data_size is needed, and only one of them"
        raise MalformedTensorError(msg)
    if len(binary) != (size or 0):
        msg = (
            f"text: {len(binary)} bytes come after the JSON, binary_data_size is {size}"
        )
        raise MalformedTensorError(msg)
    if tensor.data is None:
        elements = islice(unpack_bytes(binary), tensor.shape[0] + 1)
        texts = [_decode(x, i) for i, x in enumerate(elements)]
    else:
        texts = [x for row in tensor.data for x in _row(row)]
    if tensor.shape not in ([len(texts)], [len(texts), 1]):
        msg = f"text: the shape is {tensor.shape}, the data are {len(texts)} texts"
        raise MalformedTensorError(msg)
    return texts


def _row(row: str | list[str]) -> list[str]:
    return [row] if isinstance(row, str) else row


def _decode(element: bytes, i: int) -> str:
    try:
        return element.decode()
    except UnicodeDecodeError as e:
        msg = f"text[{i}]: not UTF-8 at byte {e.start}"
        raise InvalidUnicodeError(msg) from None

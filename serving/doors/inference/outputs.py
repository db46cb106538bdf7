"""Score objects as output tensors, in JSON or as the bytes after it."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from fastapi import Response

from kiemtin.labels import Label
from kiemtin.schemas import ScoreOut
from serving.bodies import JSON
from serving.doors.inference.requests import HEADER
from serving.doors.inference.tensors import pack_bools, pack_bytes, pack_floats
from serving.engine import Model
from serving.schemas.inference import (
    InferIn,
    InferOut,
    ModelParametersOut,
    OutputParametersOut,
    OutputTensorOut,
    OutputWishIn,
)

NAME = "kiemtin"
N_LABELS = len(Label)


class Output(NamedTuple):
    """A kind of output: the shape of a row, its type, its values and their bytes."""

    row: list[int]
    datatype: str
    values: Callable[[ScoreOut], list[Any]]
    pack: Callable[[list[Any]], bytes]


OUTPUTS: dict[str, Output] = {
    "scores": Output(
        [N_LABELS], "FP32", lambda x: [x.scores[label] for label in Label], pack_floats
    ),
    "flagged": Output(
        [N_LABELS], "BOOL", lambda x: [x.flagged[label] for label in Label], pack_bools
    ),
    "recommendation": Output(
        [], "BYTES", lambda x: [x.recommendation.value], pack_bytes
    ),
}


def parameters_of(model: Model) -> ModelParametersOut:
    """Return what belongs to the figures of *model*."""
    return ModelParametersOut(
        labels=",".join(Label),
        digest=model.digest,
        policy_version=model.policy.version,
    )


def answer(asked: InferIn, scores: Sequence[ScoreOut], model: Model) -> Response:
    """Return *scores* as the outputs that were *asked* for, each as it was asked for."""
    binary: list[bytes] = []
    tensors = []
    for wish in asked.outputs or [
        OutputWishIn.model_validate({"name": x}) for x in OUTPUTS
    ]:
        kind = OUTPUTS[wish.name]
        tensor = OutputTensorOut(
            name=wish.name, shape=[len(scores), *kind.row], datatype=kind.datatype
        )
        values = [value for score in scores for value in kind.values(score)]
        is_binary = wish.parameters.binary_data
        if is_binary is None:
            is_binary = asked.parameters.binary_data_output
        if is_binary:
            binary.append(kind.pack(values))
            size = OutputParametersOut(binary_data_size=len(binary[-1]))
            tensors.append(tensor.model_copy(update={"parameters": size}))
        else:
            tensors.append(tensor.model_copy(update={"data": values}))
    content = InferOut(
        model_name=NAME,
        model_version=model.out.version,
        id=asked.id,
        parameters=parameters_of(model),
        outputs=tensors,
    )
    head = content.model_dump_json(exclude_none=True).encode()
    if not binary:
        return Response(head, media_type=JSON)
    return Response(
        b"".join([head, *binary]),
        media_type="application/octet-stream",
        headers={HEADER: str(len(head))},
    )

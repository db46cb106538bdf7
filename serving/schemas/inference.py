"""Inference as the Open Inference Protocol (version 2, over HTTP) writes it."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from serving.schemas.wire import UnicodeText, Wire

_MOST = 2**63 - 1
"""The protocol's integers have 64 bits."""

Size = Annotated[int, Field(ge=0, le=_MOST, strict=True)]


class InputParametersIn(Wire):
    """How the data of a tensor comes."""

    binary_data_size: Size | None = Field(
        default=None, description="How many bytes after the JSON are its data."
    )


class InputTensorIn(Wire):
    """The texts."""

    name: Literal["text"]
    shape: Annotated[list[Size], Field(min_length=1, max_length=2)] = Field(
        description="`[n]` or `[n, 1]`."
    )
    datatype: Literal["BYTES"]
    parameters: InputParametersIn = InputParametersIn()
    data: list[str | Annotated[list[str], Field(max_length=1)]] | None = Field(
        default=None, description="Absent where the data are binary."
    )


class OutputParametersIn(Wire):
    """How the data of a tensor shall come."""

    binary_data: StrictBool | None = None


class OutputWishIn(Wire):
    """A tensor that the caller wants."""

    name: Literal["scores", "flagged", "recommendation"]
    parameters: OutputParametersIn = OutputParametersIn()


class InferParametersIn(Wire):
    """How the whole request shall be answered."""

    binary_data_output: StrictBool = Field(
        default=False, description="Whether outputs are binary that say nothing else."
    )
    timeout: Annotated[int, Field(gt=0, le=_MOST, strict=True)] | None = Field(
        default=None, description="In how many microseconds nobody waits any more."
    )


class InferIn(Wire):
    """Texts to score, and which outputs to answer with."""

    id: UnicodeText | None = Field(default=None, description="Comes back.")
    inputs: Annotated[list[InputTensorIn], Field(min_length=1, max_length=1)]
    outputs: list[OutputWishIn] = Field(default=[], description="All if there is none.")
    parameters: InferParametersIn = InferParametersIn()


class OutputParametersOut(Wire):
    """Where the data of a tensor are."""

    binary_data_size: int


class OutputTensorOut(Wire):
    """One output, with its data or with how many bytes after the JSON they are."""

    name: str
    shape: list[int]
    datatype: str
    parameters: OutputParametersOut | None = None
    data: list[float] | list[bool] | list[str] | None = None


class ModelParametersOut(Wire):
    """What belongs to the figures."""

    labels: str
    """In the order of the columns, with commas between."""
    digest: str
    policy_version: str


class InferOut(Wire):
    """The outputs."""

    model_name: str
    model_version: str
    id: str | None = None
    parameters: ModelParametersOut
    outputs: list[OutputTensorOut]


class TensorMetadataOut(Wire):
    """A tensor that comes in or goes out; -1 is any number."""

    name: str
    datatype: str
    shape: list[int]


class ModelMetadataOut(Wire):
    """The model, and what comes in and goes out."""

    name: str
    versions: list[str]
    platform: str
    inputs: list[TensorMetadataOut]
    outputs: list[TensorMetadataOut]
    parameters: ModelParametersOut


class ServerMetadataOut(Wire):
    """The service."""

    name: str
    version: str
    extensions: list[str]


class ServerLiveOut(Wire):
    """The process answers."""

    live: bool


class ServerReadyOut(Wire):
    """There is a model."""

    ready: bool


class ModelReadyOut(Wire):
    """The model scores."""

    name: str
    ready: bool


class InferErrorOut(Wire):
    """Why a request was not answered."""

    error: str

"""A problem, as RFC 9457 writes it."""

from serving.schemas.wire import Wire


class FieldErrorOut(Wire):
    """What is wrong with one field."""

    pointer: str
    """Where it stands in the body, as a JSON pointer (RFC 6901)."""
    code: str
    message: str


class ProblemOut(Wire):
    """Why a request was not answered. It never repeats a text."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    """Stable, for programs; each has a heading in docs/api.md."""
    request_id: str
    errors: list[FieldErrorOut]

"""The service does what its description says, and nothing else, whatever is asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import (
    Case,
    CheckContext,
    CheckFunction,
    DeserializationContext,
    Response,
    SerializationContext,
)
from schemathesis.config import GenerationConfig, SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from serving.access.admission import OPEN
from serving.app import create_app
from serving.settings import Settings
from tests.e2e.conftest import Start
from tests.fixtures.command_line import kiemtin

pytestmark = pytest.mark.timeout(300)

ANSWER_S = 10
N_EXAMPLES = 40
NDJSON = "application/x-ndjson"
CONFIG = SchemathesisConfig()
CONFIG.projects.default.generation = GenerationConfig(
    deterministic=True, max_examples=N_EXAMPLES, with_security_parameters=False
)
API = schemathesis.openapi.from_dict(create_app(Settings()).openapi(), config=CONFIG)
LINE = jsonschema_rs.validator_for(
    API.raw_schema["paths"]["/v1/score/stream"]["post"]["responses"]["200"]["content"][
        NDJSON
    ]["schema"]
    | {"components": API.raw_schema["components"]}
)
USUAL_EXCEPTIONS: list[CheckFunction] = [
    positive_data_acceptance,  # there are empty texts, and models that are not there
]
FAILS_BY_ITEM: list[CheckFunction] = [*USUAL_EXCEPTIONS, negative_data_rejection]
"""Whatever is wrong with an item is said in its place, and the others are scored."""
EXCEPTIONS = {
    "POST /v1/posts": FAILS_BY_ITEM,
    "POST /v1/score/batch": FAILS_BY_ITEM,
    "POST /v1/score/stream": FAILS_BY_ITEM,
}


@dataclass(frozen=True, slots=True)
class Described:
    """A service, and what somebody sends who may do anything."""

    url: str
    headers: Mapping[str, str]


@pytest.fixture(scope="module")
def described(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Described:
    """A service with keys."""
    database = tmp_path_factory.mktemp("described") / "kiemtin.db"
    url = f"sqlite:///{database}"
    made = kiemtin("keys", "create", "all", "--scope", "admin", "--database-url", url)
    service = start(
        KIEMTIN_DATABASE_URL=url,
        KIEMTIN_LOG_LEVEL="ERROR",
        KIEMTIN_STREAM_IDLE_S="1",
        KIEMTIN_WORKERS="1",
    )
    service.wait_until_ready()
    return Described(
        service.url, {"Authorization": f"Bearer {made.stdout.decode().strip()}"}
    )


@schemathesis.serializer(NDJSON)
def _write_line(ctx: SerializationContext, value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"


@schemathesis.deserializer(NDJSON)
def _read_first_line(ctx: DeserializationContext, response: Response) -> object:
    """Return a line; ``_check_lines`` looks at the others."""
    return json.loads(response.content.split(b"\n")[0])


def _check_lines(ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    if response.headers.get("content-type") != [NDJSON]:
        return
    lines = response.content.splitlines()
    for line in lines:
        LINE.validate(json.loads(line))
    assert json.loads(lines[-1])["status"] == "end"


def _few(n_examples: int) -> settings:
    return settings(
        max_examples=n_examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@API.parametrize()
@_few(N_EXAMPLES)
def test_an_operation(case: Case[Any], described: Described) -> None:
    """No mistake of ours, no status, header or shape that is not described."""
    case.call_and_validate(
        described.url,
        headers=dict(described.headers),
        timeout=ANSWER_S,
        additional_checks=[_check_lines],
        excluded_checks=EXCEPTIONS.get(case.operation.label, USUAL_EXCEPTIONS),
    )


@API.parametrize()
@_few(3)
def test_an_operation_without_a_key(case: Case[Any], described: Described) -> None:
    """What is locked says so, as it is described; what is open does not mind."""
    response = case.call_and_validate(
        described.url, timeout=ANSWER_S, excluded_checks=FAILS_BY_ITEM
    )

    assert (response.status_code == HTTPStatus.UNAUTHORIZED) == (case.path not in OPEN)

"""The machine door against its own schema: no request is a fault of the server, and every body has an example."""

import json
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error

from customs_portal.wsgi import application
from tests import make
from tests.machines import make as machines

DECLARATIONS = "^/api/v1/(declarations|stock)/"
schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)
schema.config.phases.update(phases=["fuzzing"])


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Requests in this process share the test's connection, as with Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(db: None) -> str:
    return machines.own_token(make.trader())


@pytest.mark.usefixtures("_one_connection")
@schema.include(path_regex=DECLARATIONS).parametrize()
@settings(
    max_examples=8,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_the_server(case: schemathesis.Case, token: str) -> None:
    answer = case.call(headers={"Authorization": f"Bearer {token}"})
    case.validate_response(answer, checks=[not_a_server_error])


@pytest.mark.usefixtures("_one_connection")
@schema.exclude(path_regex=DECLARATIONS).parametrize()
@settings(max_examples=4, derandomize=True, suppress_health_check=list(HealthCheck))
def test_no_request_breaks_the_doors_beside_declarations(case: schemathesis.Case, token: str) -> None:
    answer = case.call(headers={"Authorization": f"Bearer {token}"})
    case.validate_response(answer, checks=[not_a_server_error])


def test_every_body_has_an_example_that_fits_its_schema_and_every_fault_is_a_problem() -> None:
    found = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))  # type: ignore[no-untyped-call]
    faults = []
    for path, methods in found["paths"].items():
        for method, said in methods.items():
            answers = said["responses"]
            for place, body in {"body": said.get("requestBody", {}), **answers}.items():
                for kind, content in body.get("content", {}).items():
                    if "json" not in kind:
                        continue
                    judge = Draft202012Validator({**content["schema"], "components": found["components"]})
                    examples = content.get("examples", {}).values()
                    wrong = [error.message for each in examples for error in judge.iter_errors(each["value"])]
                    if not examples or wrong or (place[0] in "4d" and kind != "application/problem+json"):
                        faults.append((path, method, place, wrong))
            assert "default" in answers or not path.startswith("/api/v1/")
    assert faults == []

"""The machine door against its own schema: whatever a program sends, no answer is a fault of the server."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from rest_framework.authtoken.models import Token
from schemathesis.checks import not_a_server_error

from customs_portal.wsgi import application
from tests import make

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
    return str(Token.objects.get_or_create(user=make.trader())[0].key)


@pytest.mark.usefixtures("_one_connection")
@schema.include(path_regex="^/api/v1/(declarations|stock)/").parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_the_server(case: schemathesis.Case, token: str) -> None:
    answer = case.call(headers={"Authorization": f"Token {token}"})
    case.validate_response(answer, checks=[not_a_server_error])

"""What monitoring asks, and who may read the figures."""

from typing import Any

import pytest
from django.test import Client

from customs_portal.site import health

pytestmark = pytest.mark.django_db


def test_a_living_process_says_so_without_asking_the_database(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert Client().get("/healthz").content == b"ok\n"


def test_ready_names_each_part_and_stays_ready_without_redis_since_work_goes_on(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "tables": "ok", "redis": "unreachable", "signing": "ok"}


def test_ready_is_200_when_every_part_answers() -> None:
    answer = Client().get("/readyz")
    assert (answer.status_code, set(answer.json().values())) == (200, {"ok"})


def test_a_migration_that_is_missing_makes_it_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["0002"])
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["tables"]) == (503, "behind")


def test_figures_are_for_this_machine_or_for_the_bearer_of_the_token(settings: Any) -> None:
    assert b"portal_requests_total" in Client().get("/metrics").content
    assert Client(REMOTE_ADDR="203.0.113.7").get("/metrics").status_code == 404
    assert Client(headers={"X-Forwarded-For": "203.0.113.7"}).get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-token"
    assert Client().get("/metrics").status_code == 404
    answer = Client(REMOTE_ADDR="203.0.113.7").get("/metrics", headers={"Authorization": "Bearer a-token"})
    assert answer.status_code == 200


def test_an_answer_carries_the_request_id_it_was_given_and_makes_one_otherwise() -> None:
    assert Client().get("/healthz", headers={"X-Request-ID": "abcdefgh-1"})["X-Request-ID"] == "abcdefgh-1"
    assert len(Client().get("/healthz", headers={"X-Request-ID": "bad id\n"})["X-Request-ID"]) == 32

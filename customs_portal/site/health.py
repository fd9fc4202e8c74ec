"""What monitoring asks: does the process live, can it work, and what are its figures."""

import hmac
import os
from ipaddress import ip_address

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Gauge, generate_latest, multiprocess

from accounts.models import FollowUp
from lib.signing import SigningFailed

_migrated = False


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database and tables are there, else 503; the body names each. Without Redis, or
    with papers that wait for the key they are signed with, work goes on: still 200.
    """
    database = _database_state()
    tables = _tables_state() if database == "ok" else "unknown"
    state = {"database": database, "tables": tables, "redis": _redis_state(), "signing": _signing_state(database)}
    return JsonResponse(state, status=200 if database == tables == "ok" else 503)


def _database_state() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return "ok"


def _tables_state() -> str:
    """Whether every migration is applied; once they are, that is not asked again."""
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "ok" if _migrated else "behind"


def _signing_state(database: str) -> str:
    """Whether papers wait because the key they are signed with does not work; the log of the worker says why."""
    if database != "ok":
        return "unknown"
    return "failing" if FollowUp.objects.filter(fault__startswith=SigningFailed.__name__).exists() else "ok"


def _redis_state() -> str:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5, retry=None
        ) as client:
            client.ping()
    except redis.RedisError:
        return "unreachable"
    return "ok"


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus: from this machine itself, or with `Authorization: Bearer METRICS_TOKEN`."""
    if not _may_see_metrics(request):
        raise Http404
    registry: CollectorRegistry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    figures = generate_latest(registry) + generate_latest(_queue_figures())
    return HttpResponse(figures, content_type=CONTENT_TYPE_LATEST)


def _queue_figures() -> CollectorRegistry:
    """How much work waits for the workers; absent while Redis is away."""
    registry = CollectorRegistry()
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5, retry=None
        ) as client:
            waiting = int(client.llen("celery"))
    except redis.RedisError:
        return registry
    Gauge("portal_tasks_waiting", "Tasks that no worker has taken yet.", registry=registry).set(waiting)
    return registry


def _may_see_metrics(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {token}")
    if "X-Forwarded-For" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False

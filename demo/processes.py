"""The processes that make up a portal on one machine, what they need to know, and whether they answer."""

import os
import secrets
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError
from redis import RedisError

from demo.signing_key import signing_variables

# What the demonstration may not take over from the shell it was started in.
_NOT_PASSED_ON = ("PYTEST_VERSION", "PYTEST_CURRENT_TEST", "DEBUG", "PROMETHEUS_MULTIPROC_DIR")
# Quick work first: the worker looks into the queues in this order.
QUEUES = "celery,slow"
BEAT_RUNS = "beat: Starting"


def commands(data: Path, *, port: int) -> dict[str, list[str]]:
    """Name and command of each process; the sandbox bank listens on the port after the web's."""
    celery = [sys.executable, "-m", "celery", "-A", "customs_portal"]
    serving = ["--worker-class", "customs_portal.worker.PortalWorker", "--workers", "2", "--threads", "8"]
    serving += ["--keep-alive", "30", "--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    serving += ["--limit-request-line", "8190"]
    web = ["--bind", f"127.0.0.1:{port}", *serving, "--graceful-timeout", "4", "--no-control-socket"]
    return {
        "web": [sys.executable, "-m", "gunicorn", "customs_portal.wsgi", *web],
        "worker": [
            *celery,
            "worker",
            "--concurrency",
            "2",
            "--without-gossip",
            "--without-mingle",
            "-l",
            "INFO",
            "-Q",
            QUEUES,
        ],
        "beat": [*celery, "beat", "-l", "INFO", "--pidfile=", "--schedule", str(data / "beat-schedule")],
        "bank": [sys.executable, str(settings.BASE_DIR / "manage.py"), "sandbox_bank", "--port", str(port + 1)],
    }


def environment(data: Path, *, port: int, places: Mapping[str, str]) -> dict[str, str]:
    """Variables for every process. The secret key is made once and kept beside the data."""
    key = data / "secret_key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(50))
    passed_on = {name: text for name, text in os.environ.items() if name not in _NOT_PASSED_ON}
    return {
        **passed_on,
        **places,
        "DEMO": "1",
        "DATA_DIR": str(data),
        "SECRET_KEY_FILE": str(key),
        **({} if any(name.startswith("SIGNING_") for name in passed_on) else signing_variables(data)),
        "SITE_URL": os.environ.get("SITE_URL", f"http://127.0.0.1:{port}"),
        "BANK_URL": f"http://127.0.0.1:{port + 1}",
        "LOG_FORMAT": os.environ.get("LOG_FORMAT", "text"),
        "PYTHONUNBUFFERED": "1",
    }


def without_owner(variables: Mapping[str, str]) -> dict[str, str]:
    """What the serving processes may know: not who owns the tables."""
    return {name: text for name, text in variables.items() if not name.startswith("DATABASE_OWNER_URL")}


def not_answering(*, port: int, redis_url: str) -> list[str]:
    """Those of web, bank and worker that do not answer at this moment."""
    answers = {
        "web": _web_answers(f"http://127.0.0.1:{port}/readyz", below=400),
        "bank": _web_answers(f"http://127.0.0.1:{port + 1}/", below=500),
        "worker": _worker_answers(redis_url),
    }
    return [name for name, there in answers.items() if not there]


def _web_answers(url: str, *, below: int) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 (a loopback address of our own)
            return bool(answer.status < below)
    except urllib.error.HTTPError as error:
        return error.code < below
    except OSError:
        return False


def _worker_answers(redis_url: str) -> bool:
    try:
        with Celery(broker=redis_url, set_as_current=False) as asking:
            return bool(asking.control.ping(timeout=1, limit=1))
    except (OSError, OperationalError, RedisError):
        return False

"""What every test may ask for: the demonstration country in the database, persons, clients and follow-up work."""

import gc
import hashlib
import os
import re
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
import weasyprint
from celery import current_app
from django.conf import settings
from django.core.cache import cache as django_cache
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, TransactionTestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker

from accounts.models import FollowUp, User
from accounts.services import followups
from lib import limits, papers
from tests import make
from tests.databases import COUNTRY, Databases
from tests.stack import Stack

BROWSER_TESTS = Path(__file__).parent / "browser"
# What a module names that has a test of this selection. To read and rewrite all modules takes ten seconds.
SELECTED = {
    "browser or services": re.compile(r"\bstack\b|\bmark\.services\b"),
    "server": re.compile(r"\bIntegrityError\b|\btransaction=True\b|\bmark\.server\b"),
}
SHARED = Path(os.environ.get("SHARED_DATA", settings.BASE_DIR.parent / "shared" / "data"))


# The country --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def databases() -> Databases:
    """The databases of this run, as far as they are this process's."""
    return Databases()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, databases: Databases
) -> Iterator[None]:
    """A database of this process's own in which countries/tj is loaded; a test that commits leaves a fresh one."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: databases.reset())
        databases.begin()
        with django_db_blocker.block():
            yield
        databases.end()


@pytest.fixture(scope="session")
def country(django_db_setup: None) -> Path:
    """The folder of the country that is loaded."""
    return COUNTRY


# Real data ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real exports and tables, which are no part of the project."""
    if not SHARED.is_dir():
        pytest.skip(f"the shared data is not at {SHARED} (set SHARED_DATA)")
    return SHARED


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A test begins in English, whatever language the one before it has left to the thread."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test begins with empty caches: what earlier ones have asked does not count against its limits.

    It counts within one minute, whatever the clock says meanwhile.
    """
    django_cache.clear()
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 0))


@pytest.fixture
def as_owner(db: None) -> Iterator[None]:
    """The rights of the tables' owner, for tests of what a trigger refuses whoever asks; the application has fewer."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        yield


# Persons ------------------------------------------------------------------------------------------------------


@pytest.fixture
def trader(db: None) -> User:
    return make.trader()


@pytest.fixture
def stranger(db: None) -> User:
    return make.stranger()


@pytest.fixture
def officer(db: None) -> User:
    return make.officer()


def client_of(user: User) -> Client:
    """A browser in which `user` is logged in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def as_trader(trader: User) -> Client:
    return client_of(trader)


@pytest.fixture
def as_stranger(stranger: User) -> Client:
    return client_of(stranger)


@pytest.fixture
def as_officer(officer: User) -> Client:
    return client_of(officer)


# Follow-up work -----------------------------------------------------------------------------------------------

Capture = Callable[..., AbstractContextManager[list[Callable[[], object]]]]


@pytest.fixture(autouse=True)
def announced(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Tasks that were announced after a commit, as (name, primary key); no broker is asked."""
    sent: list[tuple[str, int]] = []
    monkeypatch.setattr(followups, "_send", lambda due: sent.extend((task, due.subject) for task in due.tasks))
    return sent


@pytest.fixture
def follow_ups(
    announced: list[tuple[str, int]],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Capture,
) -> Callable[[], AbstractContextManager[None]]:
    """`with follow_ups(): …` runs the tasks announced inside, and those that they announce, as a worker would."""

    current_app.loader.import_default_modules()

    def work(due: followups.Due) -> None:
        announced.extend((task, due.subject) for task in due.tasks)
        followups.visit(due.key)
        left = FollowUp.objects.filter(pk=due.key).values_list("fault", flat=True).first()
        assert left is None, left

    @contextmanager
    def capture() -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr(followups, "_send", work)
            with django_capture_on_commit_callbacks(execute=True):
                yield

    return capture


# Papers -------------------------------------------------------------------------------------------------------
# What a module names that reads its papers. All others get a blank sheet: to lay a paper out in three languages takes
# longer than what they ask about.
READS_PAPERS = re.compile(
    r"pypdf|pyhanko|pdfsig|weasyprint|print_pdf|print_on_form|told_of_pages|tests\.papers|_print\b"
)


@cache
def _reads_papers(module: Path) -> bool:
    return READS_PAPERS.search(module.read_text()) is not None


@cache
def _blank_sheet() -> bytes:
    content: bytes = weasyprint.HTML(string="<p>").write_pdf()
    return content


@pytest.fixture(autouse=True)
def _blank_papers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper that nobody reads is rendered and not laid out; what differs in it still makes another file of it."""

    def printed(template: str, context: Mapping[str, Any], **_finished: Any) -> bytes:
        digest = hashlib.sha256(render_to_string(template, dict(context)).encode()).hexdigest()
        return _blank_sheet() + b"%" + digest.encode() + b"\n"

    if not _reads_papers(request.path):
        monkeypatch.setattr(papers, "_print", printed)


# Real processes -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def stack(django_db_setup: None, databases: Databases) -> Iterator[Stack]:
    """The whole portal as `./portal demo` runs it, with people and without declarations, for this test run alone."""
    running = Stack()
    try:
        running.begin(dump=databases.dump())
        yield running
    finally:
        running.end()


def pytest_configure() -> None:
    """A run that is told to stop takes its processes and databases down, as one that is interrupted.

    An example of hypothesis may take as long as it takes: a slow machine is no fault of the code.
    """
    hypothesis.settings.register_profile("suite", deadline=None, max_examples=50)
    hypothesis.settings.load_profile("suite")
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Beside the slowest tests, what all of them take: a suite grows slow one test at a time."""
    reports = [report for found in terminalreporter.stats.values() for report in found if hasattr(report, "duration")]
    tests = sum(report.when == "call" for report in reports)
    if tests and terminalreporter.config.option.durations is not None:
        seconds = sum(report.duration for report in reports)
        terminalreporter.write_line(f"{tests} tests took {seconds:.0f} s in all, {seconds / tests:.2f} s each")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A module is not read that has no test of the selection."""
    selection = SELECTED.get(config.option.markexpr)
    if selection is None or not re.fullmatch(r"test_.*\.py", collection_path.name):
        return None
    if config.option.markexpr != "server" and collection_path.is_relative_to(BROWSER_TESTS):
        return None
    return None if selection.search(collection_path.read_text()) else True


def pytest_collection_finish() -> None:
    """What is loaded by now stays: to look through it again and again for garbage took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The marks that follow from what a test does, so that none is forgotten."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()) and not item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(pytest.mark.services)
            assert SELECTED["browser or services"].search(item.path.read_text()), f"{item.path} does not name the stack"
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)
        elif _is_about_the_server(item) and not item.get_closest_marker("any_server"):
            item.add_marker(pytest.mark.server)


def _is_about_the_server(item: pytest.Item) -> bool:
    """It opens connections that commit, or waits for the database to refuse something."""
    marker = item.get_closest_marker("django_db")
    commits = marker is not None and bool(marker.kwargs.get("transaction"))
    expected = getattr(getattr(item, "function", None), "__code__", None)
    return commits or (expected is not None and "IntegrityError" in expected.co_names)

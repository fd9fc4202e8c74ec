"""One run of pytest in which every mutant is tried.

The tests run once as they are, which also tells which functions each of them calls. Then each mutant gets a forked
process of its own, in which the tests that call its function run until one fails. What a module computes while it is
imported (tables, defaults, decorators) cannot be changed in a fork: for such a mutant a new process imports everything.
"""

import gc
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, FunctionType

import pytest
from django.db import connections
from hypothesis import HealthCheck, Phase, settings

from tests.mutation import replacing
from tests.mutation.modules import ROOT, Module
from tests.mutation.mutants import Mutant

KILLED, SURVIVED, TIMEOUT, UNTESTED, LEFT = "killed", "survived", "timeout", "not called", "left out"
AT_IMPORT = -1
MEMORY = 4 * 2**30
STARTING_SECONDS = 60


@dataclass
class Run:
    """A plugin of pytest that holds what is known and what was found."""

    module: Module
    mutants: Sequence[Mutant]
    minutes: float
    say: Callable[[str], None]
    quick: bool = False
    results: list[tuple[Mutant, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    refused: str = ""
    _place: int = AT_IMPORT
    _calls: dict[CodeType, set[int]] = field(default_factory=lambda: defaultdict(set))
    _seconds: list[float] = field(default_factory=list)
    _functions: dict[Path, list[FunctionType]] = field(default_factory=dict)
    _caches: list[replacing.Cache] = field(default_factory=list)
    _originals: dict[Path, CodeType] = field(default_factory=dict)

    def watch(self) -> None:
        """Note which functions of the mutated files are called from now on: before anything is imported."""
        self._originals = {
            path: replacing.compiled(path.read_text(encoding="utf-8"), path) for path in {m.path for m in self.mutants}
        }
        names = {str(path) for path in self._originals}

        def note(frame: FrameType, event: str, argument: object) -> None:
            if frame.f_code.co_filename in names:
                self._calls[frame.f_code].add(self._place)

        sys.settrace(note)

    # What pytest asks ------------------------------------------------------------------------------------------
    def pytest_configure(self) -> None:
        phases = (Phase.explicit, Phase.generate)
        checks = (HealthCheck.too_slow, HealthCheck.data_too_large)
        settings.register_profile(
            "mutation", phases=phases, database=None, deadline=None, derandomize=True, suppress_health_check=checks
        )
        settings.load_profile("mutation")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if _belongs(item, database=self.module.database)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failures.append(f"{report.nodeid} ({report.when})\n{report.longreprtext[-3000:]}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._run_unchanged(session)
        sys.settrace(None)
        if self.failures or not session.items:
            self.refused = self.failures[0] if self.failures else "no test was collected"
            return True
        self._functions = {path: replacing.functions_of(path) for path in self._originals}
        self._caches = replacing.caches()
        gc.freeze()
        self.say(f"{len(session.items)} tests pass in {sum(self._seconds):.0f} s; {len(self.mutants)} mutants")
        try:
            self._try_all(session)
        except KeyboardInterrupt:
            self.say("interrupted")
        return True

    def _try_all(self, session: pytest.Session) -> None:
        ends = time.monotonic() + 60 * self.minutes
        for number, mutant in enumerate(self.mutants, 1):
            if time.monotonic() > ends:
                self.say("the time is up")
                break
            self.results.append((mutant, self._verdict(mutant, session)))
            if number % 50 == 0:
                self.say(f"{number}: {dict(Counter(result for _, result in self.results))}")

    def _run_unchanged(self, session: pytest.Session) -> None:
        for place, item in enumerate(session.items):
            self._place, begun = place, time.monotonic()
            _run(item, session)
            self._seconds.append(time.monotonic() - begun)

    # One mutant ------------------------------------------------------------------------------------------------
    def _verdict(self, mutant: Mutant, session: pytest.Session) -> str:
        pairs = replacing.changed(self._originals[mutant.path], replacing.compiled(mutant.source(), mutant.path))
        places: set[int] = set().union(*(self._calls.get(old, set()) for old, _ in pairs or ()))
        if not pairs or AT_IMPORT in places:
            return LEFT if self.quick else self._anew(mutant, session.items)
        if not places:
            return UNTESTED
        chosen = sorted(places, key=lambda place: self._seconds[place])
        limit = 10 + 5 * sum(self._seconds[place] for place in chosen)
        return self._forked(pairs, mutant.path, [session.items[place] for place in chosen], session, limit)

    def _forked(
        self,
        pairs: Sequence[tuple[CodeType, CodeType]],
        path: Path,
        items: Iterable[pytest.Item],
        session: pytest.Session,
        limit: float,
    ) -> str:
        connections.close_all()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                _bound(limit)
                code = self._survives(pairs, path, items, session)
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return TIMEOUT if os.WTERMSIG(status) == signal.SIGALRM else KILLED
        return SURVIVED if os.WEXITSTATUS(status) == 0 else KILLED

    def _survives(
        self,
        pairs: Sequence[tuple[CodeType, CodeType]],
        path: Path,
        items: Iterable[pytest.Item],
        session: pytest.Session,
    ) -> int:
        """In the child: 0 if every test passes."""
        if not replacing.replace_code(pairs, self._functions[path]):
            return 1
        for cache in self._caches:  # what a module returned before it was changed must not be seen
            cache.cache_clear()
        for item in items:
            _run(item, session)
            if self.failures:
                return 1
        return 0

    def _anew(self, mutant: Mutant, items: Sequence[pytest.Item]) -> str:
        connections.close_all()
        limit = STARTING_SECONDS + 5 * sum(self._seconds)
        with tempfile.NamedTemporaryFile("w", suffix=".py", encoding="utf-8") as file:
            file.write(mutant.source())
            file.flush()
            variables = {
                replacing.MODULE: ".".join(mutant.path.relative_to(ROOT).with_suffix("").parts),
                replacing.PATH: str(mutant.path),
                replacing.SOURCE: file.name,
            }
            if self.module.database:
                variables[replacing.DATABASE] = str(connections["default"].settings_dict["NAME"])
            command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"]
            command += ["-p", replacing.__name__, *(item.nodeid for item in items)]
            try:
                done = subprocess.run(
                    command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, timeout=limit
                )
            except subprocess.TimeoutExpired:
                return TIMEOUT
        return SURVIVED if done.returncode == 0 else KILLED


def _run(item: pytest.Item, session: pytest.Session) -> None:
    """Run one test; afterwards everything but what lasts for the session is gone, so any other may follow."""
    item.ihook.pytest_runtest_protocol(item=item, nextitem=session)  # type: ignore[arg-type]


def _belongs(item: pytest.Item, *, database: bool) -> bool:
    """Whether a test can run in a fork: no processes of its own, no commits, and without a database where none is."""
    if any(item.get_closest_marker(name) for name in ("browser", "services", "long")):
        return False
    marker = item.get_closest_marker("django_db")
    names = getattr(item, "fixturenames", ())
    if "transactional_db" in names or (marker is not None and marker.kwargs.get("transaction")):
        return False
    return database or not (marker is not None or "db" in names)


def _bound(seconds: float) -> None:
    """The child ends after so long, and when it asks for too much memory."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

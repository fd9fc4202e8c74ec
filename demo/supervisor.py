"""Starts the demonstration's processes, keeps them running, and ends them all, however the supervisor itself ends.

Each process is the leader of a group of its own. Which groups there are is written down beside the data: a guard ends
them when the supervisor is gone, and a second start ends what a killed guard has left behind.
"""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from demo.groups import Group, end_groups, group_of, write_groups

IMPORTANT = re.compile(r"\b(ERROR|CRITICAL|Traceback|Exception)\b|\[(error|critical)")
_LOOK_SECONDS = 0.5
_STEADY_SECONDS = 20.0  # whoever lives so long may be started again at once
_MOST_STARTS = 5  # one after another without becoming steady


@dataclass
class Service:
    """A command that shall run; `starts` counts those since it was last steady."""

    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    starts: int = 0


@dataclass
class Supervisor:
    """`services` by name; `others` are asked in each round what else they had to start again."""

    folder: Path
    environment: Mapping[str, str]
    screen: TextIO
    services: dict[str, Service]
    others: Callable[[], list[str]] = list
    heard: Callable[[str, str], None] = lambda name, line: None
    _guard: subprocess.Popen[bytes] | None = None
    _lines: list[threading.Thread] = field(default_factory=list)

    def run(self) -> None:
        """Start everything and keep it running, until the process is told to stop or a service does not come up.

        Raises GaveUp in the latter case. What was started has ended in either.
        """
        self._begin_guard()
        try:
            for name in self.services:
                self._start(name)
            while True:
                self._look()
                time.sleep(_LOOK_SECONDS)
        finally:
            self._end()

    def _look(self) -> None:
        for name in self.others():
            self._say(f"{name} had ended and is started again")
        for name, service in self.services.items():
            if service.process is not None and (code := service.process.poll()) is not None:
                steady = time.monotonic() - service.started > _STEADY_SECONDS
                service.starts = 1 if steady else service.starts
                if service.starts >= _MOST_STARTS:
                    raise GaveUp(f"{name} ends again and again; see {self.folder / 'logs' / name}.log")
                self._say(f"{name} ended ({code}) and is started again")
                end_groups([group_of(name, service.process.pid)], patience=1)
                self._start(name)

    def _start(self, name: str) -> None:
        service = self.services[name]
        service.process = subprocess.Popen(
            list(service.command),
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        service.started, service.starts = time.monotonic(), service.starts + 1
        self._write_groups()
        listener = threading.Thread(target=self._listen, args=(name, service.process), daemon=True)
        listener.start()
        self._lines.append(listener)

    def _listen(self, name: str, process: subprocess.Popen[bytes]) -> None:
        """Every line to the log of the process, the important ones to the screen as well."""
        assert process.stdout is not None
        with (self.folder / "logs" / f"{name}.log").open("a", buffering=1) as log:
            for raw in process.stdout:
                line = raw.decode("utf-8", "replace")
                log.write(line if line.endswith("\n") else line + "\n")
                self.heard(name, line)
                if IMPORTANT.search(line):
                    self._say(f"{name}: {line.rstrip()}")

    def _groups(self) -> list[Group]:
        running = [(name, service.process) for name, service in self.services.items()]
        return [group_of(name, process.pid) for name, process in running if process is not None]

    def _write_groups(self) -> None:
        write_groups(self.folder, self._groups())

    def _begin_guard(self) -> None:
        """It reads from a pipe that only this process holds: the end of the pipe is the end of this process."""
        command = [sys.executable, "-m", "demo.groups", str(self.folder)]
        self._guard = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
        )

    def _end(self) -> None:
        end_groups(self._groups(), patience=10)
        for service in self.services.values():
            if service.process is not None:
                with suppress(subprocess.TimeoutExpired):
                    service.process.wait(5)
        for listener in self._lines:
            listener.join(1)
        write_groups(self.folder, [])
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.close()
            self._guard.wait()

    def _say(self, text: str) -> None:
        print(text, file=self.screen, flush=True)


class GaveUp(Exception):
    """A service does not come up; the text says which."""

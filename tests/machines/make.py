"""Programs and addresses for tests, and a receiver of webhooks that does what it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from machines import services
from machines.kinds import Scope
from machines.models import Endpoint, Program
from tests import make
from traders.models import Right


def program(name: str = "ERP", *rights: Right) -> tuple[Program, str, str]:
    """A program of the trader's company: the program, its client id and secret."""
    return services.add_program(
        make.company(owner=make.trader()),
        name=name,
        rights=rights or (Right.PREPARER, Right.PAYER),
        by=make.trader(),
        on=make.SINCE,
        at=make.AT,
    )


def token(of: Program, *scopes: Scope, days: int = 30) -> str:
    """A token that holds `days` from now on."""
    given = scopes or tuple(Scope)
    return services.issue_token(
        of, name=f"t{of.tokens.count()}", scopes=given, days=days, by=make.trader(), on=make.ON, at=timezone.now()
    )[1]


def own_token(user: User) -> str:
    """A token with which a program acts as `user`."""
    name, at = f"t{user.tokens.count()}", timezone.now()
    return services.issue_own_token(user, name=name, scopes=tuple(Scope), days=30, on=make.ON, at=at)[1]


def own_door(user: User) -> Client:
    return door(own_token(user))


def door(key: str, **headers: str) -> Client:
    return Client(headers={"authorization": f"Bearer {key}", **headers})


@dataclass
class Receiver:
    """What came, and what is answered: a status, or "hang"."""

    port: int = 0
    answers: list[Any] = field(default_factory=list)
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    free: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?x=1"

    @property
    def types(self) -> list[str]:
        return [json.loads(body)["type"] for _headers, body in self.came]


@contextmanager
def receiver(*answers: Any) -> Iterator[Receiver]:
    """A receiver on loopback; without answers it takes everything."""
    state = Receiver(answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.came.append((dict(self.headers), body))
            answer = state.answers.pop(0) if state.answers else 204
            if answer == "hang":
                state.free.wait(20)
                return
            if answer == "endless":
                self.send_response(500)
                self.end_headers()
                while not state.free.is_set():
                    try:
                        self.wfile.write(b"x" * 65536)
                    except OSError:
                        return
                return
            self.send_response(answer)
            if answer == 302:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.free.set()
        server.shutdown()
        server.server_close()


def endpoint(url: str, *kinds: str) -> tuple[Endpoint, str]:
    owner = make.trader()
    return services.add_endpoint(make.company(owner=owner), url=url, kinds=kinds, by=owner, at=make.AT)

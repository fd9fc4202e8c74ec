"""A real mail server for tests: it listens on a port, keeps what it takes, and misbehaves as it is told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

TAKES = "takes"
REFUSES = "refuses the recipient"
NOT_NOW = "asks to come again"
HANGS = "says nothing"
DROPS_BEFORE_ANSWER = "takes a letter and drops the line before it says so"
DROPS_AFTER_ANSWER = "takes a letter, says so and drops the line"


class MailServer(socketserver.ThreadingTCPServer):
    """`behaviours` are those of the coming connections, the last of them of all further ones."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.behaviours = [TAKES]
        self.taken: list[EmailMessage] = []
        self.connections = 0
        self.over = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def next_behaviour(self) -> str:
        self.connections += 1
        return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]

    def keep(self, data: bytes) -> None:
        self.taken.append(message_from_bytes(data, _class=EmailMessage, policy=policy.default))  # type: ignore[arg-type]


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        behaviour = self.server.next_behaviour()
        if behaviour == HANGS:
            self.server.over.wait(30)
            return
        self.say("220 mail.example ready")
        while line := self.rfile.readline():
            if not self.answer(line.decode().strip().upper(), behaviour):
                return

    def answer(self, said: str, behaviour: str) -> bool:
        """Whether the line stays open."""
        if said.startswith("RCPT") and behaviour == REFUSES:
            self.say("550 no such mailbox")
        elif said.startswith("RCPT") and behaviour == NOT_NOW:
            self.say("450 come again later")
        elif said == "DATA":
            self.say("354 go on")
            self.server.keep(self.data())
            if behaviour == DROPS_BEFORE_ANSWER:
                return False
            self.say("250 taken")
            return behaviour != DROPS_AFTER_ANSWER
        elif said == "QUIT":
            self.say("221 bye")
            return False
        else:
            self.say("250 fine")
        return True

    def data(self) -> bytes:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(line.removeprefix(b".") if line.startswith(b"..") else line for line in lines)

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server(settings: Any) -> Iterator[MailServer]:
    """The portal's letters go to it; a server that says nothing is waited for a fifth of a second."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 0.2
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()

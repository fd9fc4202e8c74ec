"""What gunicorn cannot read to its end is answered by a page of ours, in every language of the portal."""

import logging
import socket
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.http.errors import InvalidRequestLine, LimitRequestHeaders, LimitRequestLine

from customs_portal.worker import PortalWorker


def answer_to(error: Exception) -> str:
    ours, theirs = socket.socketpair()
    worker: Any = PortalWorker.__new__(PortalWorker)
    worker.log, worker.cfg = logging.getLogger("gunicorn"), SimpleNamespace()
    with ours, theirs:
        worker.handle_error(None, ours, ("203.0.113.9", 1), error)
        ours.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: theirs.recv(65_536), b"")).decode()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (LimitRequestLine(9000, 8190), "414 URI Too Long"),
        (LimitRequestHeaders("long"), "431 Request Header Fields Too"),
    ],
)
def test_what_is_too_long_gets_a_page(error: Exception, status: str) -> None:
    head, _, page = answer_to(error).partition("\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status}")
    assert f"Content-Length: {len(page.encode())}" in head
    assert "default-src 'none'" in head
    assert all(f'<p lang="{language}">' in page for language in ("tg", "ru", "en"))


def test_anything_else_is_answered_as_gunicorn_does() -> None:
    assert answer_to(InvalidRequestLine("x")).startswith("HTTP/1.1 400")


def test_nobody_has_to_wait_for_the_answer() -> None:
    ours, theirs = socket.socketpair()
    theirs.close()
    worker: Any = PortalWorker.__new__(PortalWorker)
    worker.log = logging.getLogger("gunicorn")
    with ours:
        worker.handle_error(None, ours, None, LimitRequestLine(9000, 8190))

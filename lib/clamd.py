"""The virus check by a running clamd (`settings.CLAMD_URL`): a file goes through its socket, a word comes back."""

import re
import socket
import struct
import time
from urllib.parse import urlsplit

from django.conf import settings

CONNECT_SECONDS, SECONDS = 2.0, 30.0
_PIECE = 65_536
_LONGEST_ANSWER = 4096
_FOUND = re.compile(r"^stream: (.{1,200}) FOUND$")


class Away(Exception):
    """clamd gave no verdict: it is not there, hangs, or does not take the file."""


def is_configured() -> bool:
    """Whether files are checked here at all."""
    return bool(settings.CLAMD_URL)


def look(content: bytes) -> str:
    """What clamd found in the content, by its name; empty for nothing. Raises Away."""
    end = time.monotonic() + SECONDS
    try:
        with _connected() as line:
            answer = _asked(line, content, end)
    except OSError as error:  # no one there, refused, cut off, too slow
        raise Away(type(error).__name__) from error
    if answer == "stream: OK":
        return ""
    found = _FOUND.match(answer)
    if found is None:
        raise Away(answer[:200] or "no answer")
    return found[1]


def _connected() -> socket.socket:
    """A line to clamd: `tcp://host:port` or `unix:///path`."""
    parts = urlsplit(settings.CLAMD_URL)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(CONNECT_SECONDS)
        try:
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 3310), timeout=CONNECT_SECONDS)


def _asked(line: socket.socket, content: bytes, end: float) -> str:
    _wait_until(line, end)
    line.sendall(b"zINSTREAM\0")
    for start in range(0, len(content), _PIECE):
        piece = content[start : start + _PIECE]
        _wait_until(line, end)
        line.sendall(struct.pack("!I", len(piece)) + piece)
    line.sendall(struct.pack("!I", 0))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        _wait_until(line, end)
        piece = line.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _wait_until(line: socket.socket, end: float) -> None:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(min(left, 10.0))

"""The virus check against a server that speaks clamd's protocol on a real socket, and behaves in every way it can."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lib import clamd

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
Answer = Callable[[bytes], bytes | None]


def honest(content: bytes) -> bytes | None:
    return b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


class FakeClamd:
    """Reads what INSTREAM sends and answers as `answer` says; None: it hangs up."""

    def __init__(self) -> None:
        self.answer: Answer = honest
        self.seen: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)  # else the thread waits on, and may answer for the next one
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _address = self._socket.accept()
            except OSError:
                return
            with line:
                said = self.answer(self._read(line))
                if said is not None:
                    line.sendall(said)

    def _read(self, line: socket.socket) -> bytes:
        with line.makefile("rb") as sent:
            assert sent.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack("!I", sent.read(4))[0]:
                content += sent.read(size)
        self.seen.append(content)
        return content


@pytest.fixture
def server(settings: Any) -> Iterator[FakeClamd]:
    fake = FakeClamd()
    settings.CLAMD_URL = fake.url
    yield fake
    fake.close()


def test_a_clean_file_goes_through_whole_and_a_virus_is_named(server: FakeClamd) -> None:
    large = b"x" * 200_000
    assert clamd.look(large) == ""
    assert server.seen == [large]
    assert clamd.look(b"before " + EICAR) == "Eicar-Signature"


@pytest.mark.parametrize(
    "answer",
    [None, b"", b"INSTREAM size limit exceeded. ERROR\0", b"nonsense", b"stream: FOUND\0", b"y" * 10_000],
)
def test_whatever_is_no_verdict_is_none(server: FakeClamd, answer: bytes | None) -> None:
    server.answer = lambda _content: answer
    with pytest.raises(clamd.Away):
        clamd.look(b"x")


def test_nobody_there_and_one_who_never_answers_are_away(
    server: FakeClamd, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()
    server.answer = lambda _content: b"" if held.wait(5) else None
    monkeypatch.setattr(clamd, "SECONDS", 0.2)
    with pytest.raises(clamd.Away, match="Timeout"):
        clamd.look(b"x")
    held.set()
    settings.CLAMD_URL = "unix:///nowhere/clamd.sock"
    with pytest.raises(clamd.Away):
        clamd.look(b"x")

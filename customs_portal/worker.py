"""Gunicorn's worker with threads, whose answer to an address or headers that are too long is a page of ours."""

from socket import socket
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

_STATUS = {LimitRequestLine: "414 URI Too Long", LimitRequestHeaders: "431 Request Header Fields Too Large"}
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'"


class PortalWorker(ThreadWorker):  # type: ignore[misc]
    def handle_error(self, req: Any, client: socket, addr: Any, exc: Exception) -> None:
        """What was sent was not read to its end, so nobody knows the reader's language: the page speaks all of them."""
        status = _STATUS.get(type(exc))
        if status is None:
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("%s: %s", status, exc)
        page = too_long().encode()
        head = [f"HTTP/1.1 {status}", "Connection: close", "Content-Type: text/html; charset=utf-8"]
        head += [f"Content-Length: {len(page)}", f"Content-Security-Policy: {_POLICY}"]
        try:
            client.sendall("\r\n".join([*head, "", ""]).encode() + page)
        except OSError:
            self.log.debug("nobody waited for the answer")


def too_long() -> str:
    """The page, one paragraph for each language."""
    said = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said.append(
                (language, _("The address that was asked for is too long. Go back and shorten what you typed."))
            )
    return render_to_string("414.html", {"said": said})

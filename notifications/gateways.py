"""The door to a gateway of SMS: an interface, and a file for development. No provider's protocol comes along.

A country names its own class in `SMS_GATEWAY`; without one no SMS is offered. A gateway answers within seconds.
"""

import json
import os
import uuid
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Refused(Exception):
    """The gateway will not send this text to this number, now or later."""


class Away(Exception):
    """The gateway cannot be reached, or is not working."""


class Gateway(Protocol):
    def send(self, number: str, text: str, *, key: str) -> str:
        """Send and return the gateway's reference. The same `key` is the same message, sent again after a fault.

        Raises Refused or Away.
        """


class FileGateway:
    """Writes each SMS as a line of JSON into `DATA_DIR/sms.jsonl`."""

    def send(self, number: str, text: str, *, key: str) -> str:
        """One write of one line: several workers do not mix theirs."""
        reference = uuid.uuid4().hex
        line = json.dumps({"to": number, "text": text, "key": key, "reference": reference}, ensure_ascii=False)
        try:
            settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
            file = os.open(settings.DATA_DIR / "sms.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise Away(str(error)) from error
        try:
            os.write(file, f"{line}\n".encode())
        finally:
            os.close(file)
        return reference


@cache
def _made(name: str) -> Gateway:
    made: Gateway = import_string(name)()
    return made


def connected() -> Gateway | None:
    """The country's gateway; None where there is none."""
    return _made(settings.SMS_GATEWAY) if settings.SMS_GATEWAY else None

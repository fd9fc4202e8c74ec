"""PDFs that people send: judged and drawn by processes of their own that may use little memory and time.

The processes are `pdf_judge` and `pdf_draw`.
"""

import io
import json
import subprocess
import sys
import threading
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from lib.violations import Rejected, refuse

PROJECT = Path(__file__).resolve().parent.parent
JUDGE_SECONDS, DRAW_SECONDS, WAIT_SECONDS = 30, 60, 10
MOST_BEHIND = 1024  # what stands behind the end of a PDF: white space, the sign of a scanner
_END = b"%%EOF"
_turns = threading.Semaphore(2)


@dataclass(frozen=True, slots=True)
class Pdf:
    """A PDF that may be kept: its content (unlocked if it opened without a password) and its number of pages."""

    content: bytes
    pages: int


class Undrawn(Exception):
    """The pages cannot be drawn."""


def judged_pdf(content: bytes) -> Pdf:
    """The PDF as it may be kept.

    Raises Rejected: F081 locked, F082 broken or too much of everything, F083 too many pages, F084 something else is
    glued to it, F085 scripts, F086 other files inside, F087 too many come at once.
    """
    if _glued(content):
        raise refuse("F084", "file", _("Something else is glued to this PDF. Print it into a new PDF and send that."))
    if not _turns.acquire(timeout=WAIT_SECONDS):
        raise _refusal("late")
    try:
        head, plain = _child("lib.pdf_judge", content=content, seconds=JUDGE_SECONDS)
    except Undrawn as undrawn:
        head, plain = {"fault": str(undrawn)}, []
    finally:
        _turns.release()
    if head["fault"]:
        raise _refusal(head["fault"])
    return Pdf(plain[0] if plain else content, int(head["pages"]))


def _glued(content: bytes) -> bool:
    behind = content[content.rfind(_END) + len(_END) :] if _END in content else b""
    return len(behind.strip()) > MOST_BEHIND or zipfile.is_zipfile(io.BytesIO(content))


def _refusal(fault: str) -> Rejected:
    if fault == "late":
        return refuse("F087", "file", _("Too many files come in at this moment. Send this one again in a minute."))
    if fault == "locked":
        return refuse("F081", "file", _("This PDF is locked with a password. Save it without one and send it again."))
    if fault == "pages":
        return refuse("F083", "file", _("This PDF has more than 300 pages. Send it in parts."))
    if fault == "script":
        sentence = _("This PDF holds a script or a form that acts by itself. Print it into a new PDF and send that.")
        return refuse("F085", "file", sentence)
    if fault == "files":
        sentence = _("This PDF carries other files inside. Take them out and send each by itself.")
        return refuse("F086", "file", sentence)
    return refuse("F082", "file", _("This PDF cannot be opened. Print it into a new PDF or scan it again."))


def drawn_pages(content: bytes, *, first: int, last: int) -> list[bytes]:
    """Pages `first` to `last` (from one, those that exist) as JPEG pictures 2,000 points long. Raises Undrawn."""
    head, pictures = _child("lib.pdf_draw", str(first), str(last), content=content, seconds=DRAW_SECONDS)
    if head["fault"]:
        raise Undrawn(head.get("why", head["fault"]))
    return pictures


def _child(module: str, *numbers: str, content: bytes, seconds: int) -> tuple[dict[str, Any], list[bytes]]:
    command = [sys.executable, "-E", "-s", "-m", module, *numbers]
    try:
        done = subprocess.run(  # noqa: S603 - a module of ours, and what is sent goes in as its input
            command, input=content, capture_output=True, timeout=seconds, env={}, cwd=PROJECT
        )
    except subprocess.TimeoutExpired:
        raise Undrawn("late") from None
    line, _newline, rest = done.stdout.partition(b"\n")
    try:
        head: dict[str, Any] = json.loads(line)
    except ValueError:
        raise Undrawn(f"ended with {done.returncode}") from None
    parts = []
    for size in head.get("sizes", []):
        parts.append(rest[:size])
        rest = rest[size:]
    return head, parts

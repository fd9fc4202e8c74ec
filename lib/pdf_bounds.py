"""What the processes share that open one PDF of a stranger each: little memory and time, no file written, one answer.

The PDF comes in, one line of JSON and bytes go out. `pdf_judge` and `pdf_draw` are run so by `lib.pdfs`.
"""

import json
import resource
import sys
from collections.abc import Callable
from typing import Any

MEMORY, SECONDS = 1_500_000_000, 20
Answer = tuple[dict[str, Any], list[bytes]]


def answer(work: Callable[[bytes], Answer]) -> None:
    """Do the work within bounds on what comes in, and answer with its head and parts; any fault is one, "broken"."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        head, parts = work(sys.stdin.buffer.read())
    except Exception as error:
        head, parts = {"fault": "broken", "pages": 0, "why": type(error).__name__}, []
    out = sys.stdout.buffer
    out.write(json.dumps({**head, "sizes": [len(part) for part in parts]}).encode() + b"\n")
    for part in parts:
        out.write(part)

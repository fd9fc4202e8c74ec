"""Printing: a template and its stylesheet become a PDF; QR codes become drawings. Nothing is fetched from anywhere."""

import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, NoReturn

import pydyf
import segno
import weasyprint
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from weasyprint.logger import PROGRESS_LOGGER
from weasyprint.text.fonts import FontConfiguration


def print_pdf(template: str, context: Mapping[str, Any]) -> bytes:
    """The template, in the active language, on A4 as PDF."""
    return _print(template, context, finisher=None)


def print_on_form(template: str, context: Mapping[str, Any], *, form: int, uses: int) -> bytes:
    """As `print_pdf`; page `form` (from 0) is a blank form that goes beneath each of the `uses` pages after it.

    It is drawn once and left out itself: hundreds of sheets on one form cost what their values cost.
    """
    return _print(template, context, finisher=lambda document, pdf: _lay_beneath(pdf, form, uses))


@contextmanager
def told_of_pages(tell: Callable[[int], None]) -> Iterator[None]:
    """Within the block `tell` is called with the number of each page that is laid out in this thread."""
    listener = _Pages(tell)
    level = PROGRESS_LOGGER.level
    PROGRESS_LOGGER.addHandler(listener)
    PROGRESS_LOGGER.setLevel(logging.INFO)
    try:
        yield
    finally:
        PROGRESS_LOGGER.removeHandler(listener)
        PROGRESS_LOGGER.setLevel(level)


class _Pages(logging.Handler):
    def __init__(self, tell: Callable[[int], None]) -> None:
        super().__init__()
        self.tell, self.thread = tell, threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        page = _PAGE.search(record.getMessage())
        if page and threading.get_ident() == self.thread:
            self.tell(int(page[1]))


_PAGE = re.compile(r"Page (\d+)$")


def qr_drawing(content: str) -> SafeString:
    """A QR code as inline SVG, error correction M. It has no size of its own: what holds it gives one."""
    drawing = segno.make(content, error="m", micro=False).svg_inline(omitsize=True, border=4)
    return mark_safe(drawing)  # noqa: S308 - drawn here


def _print(template: str, context: Mapping[str, Any], *, finisher: Callable[[Any, pydyf.PDF], None] | None) -> bytes:
    html = weasyprint.HTML(string=render_to_string(template, dict(context)), url_fetcher=_fetch_nothing)
    fonts, stylesheet = _stylesheet()
    content: bytes = html.write_pdf(stylesheets=[stylesheet], font_config=fonts, finisher=finisher)
    return content


def _lay_beneath(pdf: pydyf.PDF, form: int, uses: int) -> None:
    kids = pdf.pages["Kids"]
    drawing = pdf.objects[kids[form * 3]]["Contents"]
    save, restore = pydyf.Stream([b"q"]), pydyf.Stream([b"Q"])
    pdf.add_object(save)
    pdf.add_object(restore)
    for number in kids[(form + 1) * 3 : (form + 1 + uses) * 3 : 3]:
        page = pdf.objects[number]
        page["Contents"] = pydyf.Array([save.reference, drawing, restore.reference, page["Contents"]])
    del kids[form * 3 : form * 3 + 3]
    pdf.pages["Count"] -= 1


@cache
def _stylesheet() -> tuple[FontConfiguration, weasyprint.CSS]:
    fonts = FontConfiguration()
    return fonts, weasyprint.CSS(filename=str(settings.BASE_DIR / "static" / "css" / "papers.css"), font_config=fonts)


def _fetch_nothing(url: str) -> NoReturn:
    raise ValueError(f"A paper may not fetch {url}")

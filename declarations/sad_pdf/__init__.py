"""Printed papers of a declaration: the Single Administrative Document on its classical grid, and the assessment notice.

Both are written in the reader's language from what is stored; nothing is computed and nothing is written here.
"""

from declarations.sad_pdf.notice import render_notice
from declarations.sad_pdf.sad import render_sad

__all__ = ["render_notice", "render_sad"]

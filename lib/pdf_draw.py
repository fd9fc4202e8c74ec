"""Draws pages of a stranger's PDF as pictures, in a process of its own (`pdf_bounds`): `pdf_draw FIRST LAST`."""

import io
import sys

import pypdfium2

from lib.pdf_bounds import Answer, answer

LONGEST, QUALITY = 2000, 72


def drawn(content: bytes) -> Answer:
    """Pages as JPEG pictures, numbered from one."""
    first, last = int(sys.argv[1]), int(sys.argv[2])
    opened = pypdfium2.PdfDocument(content)
    opened.init_forms()  # what was typed into a form is drawn too
    pictures = []
    for number in range(first, min(last, len(opened)) + 1):
        page = opened[number - 1]
        scale = LONGEST / max(*page.get_size(), 1.0)
        kept = io.BytesIO()
        page.render(scale=scale).to_pil().convert("RGB").save(kept, "JPEG", quality=QUALITY)
        pictures.append(kept.getvalue())
    return {"fault": ""}, pictures


if __name__ == "__main__":
    answer(drawn)

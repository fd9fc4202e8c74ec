"""Measurements of speed: `./portal bench [PART…]` prints a table for each part, with ratios.

With `BENCH_SMALL=1` a part does everything it does, with a few rows: its figures mean nothing then, that it runs does.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "customs_portal.settings")
django.setup()

SMALL = os.environ.get("BENCH_SMALL") == "1"


def size(usual: int, small: int) -> int:
    """How many of something: as many as usual, or a few where only the running is tried."""
    return small if SMALL else usual

"""Doors of the post: the officer's phone, and what a traveller opens from it."""

from border.views.acts import act, through_unseen
from border.views.cargo import cargo, give
from border.views.goods import aside, aside_receipt, decide, kept, remind
from border.views.phone import open_on_phone, scan, worker
from border.views.queue import begin, find, queue
from border.views.traveller import correction, history, looks, photo, state, traveller

__all__ = [
    "act", "aside", "aside_receipt", "begin", "cargo", "correction", "decide", "find", "give",
    "history", "kept", "looks", "open_on_phone", "photo", "queue", "remind", "scan", "state", "through_unseen",
    "traveller", "worker",
]  # fmt: skip

"""Verbs of the officer at the post. Each locks the declaration first; the traveller's status moves in `passengers`."""

from border.services.acts import correct, examine, let_go, let_through, present
from border.services.aside import decide_aside, remind_of_aside, set_aside
from border.services.cargo import give_to_declarant, hand_over
from border.services.lanes import choose_lane, make_seeds
from border.services.once import Told, once
from border.services.replays import replay_travellers
from border.services.storage import storage_of

__all__ = [
    "Told", "choose_lane", "correct", "decide_aside", "examine", "give_to_declarant", "hand_over", "let_go",
    "let_through", "make_seeds", "once", "present", "remind_of_aside", "replay_travellers", "set_aside", "storage_of",
]  # fmt: skip

"""Change sets: how the tariff is changed. One person makes a set, another approves it, publication makes it law.

docs/tariff-changes.md tells how a set travels, which columns its rows have, and the codes of the rules.
"""

from tariffs.services.changes.difference import Difference, Proposed, take_over
from tariffs.services.changes.drafts import add_row, begin, choose_anew, describe, drop_row, drop_rows, edit_row
from tariffs.services.changes.edition import read_edition
from tariffs.services.changes.files import read_file
from tariffs.services.changes.journey import approve, judge, send_back, submit, withdraw
from tariffs.services.changes.opposite import opposite
from tariffs.services.changes.people import had_a_hand_in
from tariffs.services.changes.publication import publish

__all__ = [
    "Difference",
    "Proposed",
    "add_row",
    "approve",
    "begin",
    "choose_anew",
    "describe",
    "drop_row",
    "drop_rows",
    "edit_row",
    "had_a_hand_in",
    "judge",
    "opposite",
    "publish",
    "read_edition",
    "read_file",
    "send_back",
    "submit",
    "take_over",
    "withdraw",
]

"""Change sets: how the tariff is changed. One person makes a set, another approves it, publication makes it law.

docs/tariff-changes.md tells how a set travels, which columns its rows have, and the codes of the rules.
"""

from tariff_changes.services.difference import Difference, Proposed, take_over
from tariff_changes.services.drafts import add_row, begin, choose_anew, describe, drop_row, drop_rows, edit_row
from tariff_changes.services.edition import read_edition
from tariff_changes.services.files import read_file
from tariff_changes.services.journey import approve, judge, send_back, submit, withdraw
from tariff_changes.services.opposite import opposite
from tariff_changes.services.people import had_a_hand_in
from tariff_changes.services.publication import publish

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

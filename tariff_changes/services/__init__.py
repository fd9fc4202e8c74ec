"""Change sets: how the tariff is changed. One person makes a set, another approves it, publication makes it law.

docs/tariff-changes.md tells how a set travels, which columns its rows have, and the codes of the rules.
"""

from tariff_changes.services.difference import Difference, take_over
from tariff_changes.services.drafts import add_row, begin, choose_again, describe, drop_row, drop_rows, edit_row
from tariff_changes.services.edition import read_edition
from tariff_changes.services.files import read_file
from tariff_changes.services.journey import approve, judge, send_back, submit, withdraw
from tariff_changes.services.opposite import opposite
from tariff_changes.services.publication import publish

__all__ = [
    "Difference",
    "add_row",
    "approve",
    "begin",
    "choose_again",
    "describe",
    "drop_row",
    "drop_rows",
    "edit_row",
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

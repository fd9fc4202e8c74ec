"""The verbs of a declaration. Each is one function, one transaction, one row of history.

`amend`, `ending.cancel` and `ending.reject` change what money is owed: clearance alone calls them, by their modules.
"""

from declarations.services.drafts import copy, create_draft, discard_draft, patch_draft, save_draft
from declarations.services.fields import save_fields
from declarations.services.files import draft_from_xml, judge_file, store_file
from declarations.services.history import lock, lock_standing, record
from declarations.services.lifecycle import mark_paid, mark_released, may_be_cancelled
from declarations.services.lodge import Lodging, check, lodge, lodge_at_once, lodge_once
from declarations.services.rows import (
    add_document,
    add_item,
    add_part,
    copy_item,
    remove_document,
    remove_item,
    remove_part,
)
from declarations.states import WrongStatus

__all__ = [
    "Lodging",
    "WrongStatus",
    "add_document",
    "add_item",
    "add_part",
    "check",
    "copy",
    "copy_item",
    "create_draft",
    "discard_draft",
    "draft_from_xml",
    "judge_file",
    "lock",
    "lock_standing",
    "lodge",
    "lodge_at_once",
    "lodge_once",
    "mark_paid",
    "mark_released",
    "may_be_cancelled",
    "patch_draft",
    "record",
    "remove_document",
    "remove_item",
    "remove_part",
    "save_draft",
    "save_fields",
    "store_file",
]

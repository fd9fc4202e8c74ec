"""The verbs of a declaration. Each is one function, one transaction, one row of history.

`amend`, `ending.cancel` and `ending.reject` change what money is owed: clearance alone calls them, by their modules.
"""

from declarations.services.amendments import begin_amendment, begun_on, changes_nothing, set_aside
from declarations.services.checking import check, law_day, preview
from declarations.services.drafts import copy, create_draft, discard_draft, patch_draft, save_draft
from declarations.services.fields import meanwhile, save_fields
from declarations.services.files import draft_from_xml, receive_file, store_file
from declarations.services.history import as_it_was, lock, lock_standing, locked, record, state_of
from declarations.services.issued import issue, paper_number
from declarations.services.levies import drop_levy, levy
from declarations.services.lifecycle import (
    mark_exited,
    mark_paid,
    mark_released,
    may_be_amended,
    may_be_cancelled,
    stand_again,
)
from declarations.services.lodge import Lodging, lodge, lodge_at_once, lodge_once
from declarations.services.numbering import fresh_reference
from declarations.services.penalties import contest_fine, drop_fine, fine, uphold_fine
from declarations.services.places import Places, box_named, key_named
from declarations.services.rows import (
    CARRIED_ON,
    Place,
    add_document,
    add_item,
    add_part,
    copy_item,
    remove_document,
    remove_item,
    remove_part,
)
from declarations.services.scans import bind_scan, drop_scan, lines_of, note_look, page_picture, unbind_scan
from declarations.services.stock import discharge, discharge_movements, take_out_called
from declarations.states import WrongStatus

__all__ = [
    "CARRIED_ON",
    "Lodging",
    "Place",
    "Places",
    "WrongStatus",
    "add_document",
    "add_item",
    "add_part",
    "as_it_was",
    "begin_amendment",
    "begun_on",
    "bind_scan",
    "box_named",
    "changes_nothing",
    "check",
    "contest_fine",
    "copy",
    "copy_item",
    "create_draft",
    "discard_draft",
    "discharge",
    "discharge_movements",
    "draft_from_xml",
    "drop_fine",
    "drop_levy",
    "drop_scan",
    "fine",
    "fresh_reference",
    "issue",
    "key_named",
    "law_day",
    "levy",
    "lines_of",
    "lock",
    "lock_standing",
    "locked",
    "lodge",
    "lodge_at_once",
    "lodge_once",
    "mark_exited",
    "mark_paid",
    "mark_released",
    "may_be_amended",
    "may_be_cancelled",
    "meanwhile",
    "note_look",
    "page_picture",
    "paper_number",
    "patch_draft",
    "preview",
    "receive_file",
    "record",
    "remove_document",
    "remove_item",
    "remove_part",
    "save_draft",
    "save_fields",
    "set_aside",
    "stand_again",
    "state_of",
    "store_file",
    "take_out_called",
    "unbind_scan",
    "uphold_fine",
]

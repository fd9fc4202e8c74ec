"""The verbs of a declaration. Each is one function, one transaction, one row of history.

`amend`, `ending.cancel` and `ending.reject` change what money is owed: clearance alone calls them, by their modules.
"""

from declarations.services.address_book import (
    change_party,
    end_party,
    keep_party,
    restore_party,
    typed_party,
)
from declarations.services.amendments import begin_amendment, begun_on, changes_nothing, pass_on, set_aside
from declarations.services.checking import apportioned, check, law_day, preview
from declarations.services.drafts import copy, create_draft, discard_draft, patch_draft, save_draft
from declarations.services.edits import Step, Taken, take_steps
from declarations.services.fields import meanwhile, save_fields, save_what_fits, written_in
from declarations.services.files import draft_from_xml, receive_file, store_file
from declarations.services.goods import (
    append_goods,
    bring_back,
    choose_in_goods_file,
    forget_goods_file,
    goods_in_new_draft,
    items_that_speak,
    keep_goods_file,
    remember_columns,
    replace_goods,
)
from declarations.services.habits import learn
from declarations.services.history import as_it_was, lock, lock_standing, locked, record, state_of
from declarations.services.issued import issue, issue_of_books, paper_number
from declarations.services.items import CARRIED_ON, Place, add_item, copy_item, remove_item, remove_items, restore_items
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
from declarations.services.numbering import fresh_reference, next_serial
from declarations.services.penalties import contest_fine, drop_fine, fine, uphold_fine
from declarations.services.places import Places, box_named, key_named
from declarations.services.rows import add_document, add_part, remove_document, remove_part
from declarations.services.scans import bind_scan, drop_scan, lines_of, note_look, page_picture, unbind_scan
from declarations.services.stock import discharge, discharge_movements, take_out_called
from declarations.services.templates import delete_template, file_from, make_template, rename_template
from declarations.states import WrongStatus

__all__ = [
    "CARRIED_ON",
    "Lodging",
    "Place",
    "Places",
    "Step",
    "Taken",
    "WrongStatus",
    "add_document",
    "add_item",
    "add_part",
    "append_goods",
    "apportioned",
    "as_it_was",
    "begin_amendment",
    "begun_on",
    "bind_scan",
    "box_named",
    "bring_back",
    "change_party",
    "changes_nothing",
    "check",
    "choose_in_goods_file",
    "contest_fine",
    "copy",
    "copy_item",
    "create_draft",
    "delete_template",
    "discard_draft",
    "discharge",
    "discharge_movements",
    "draft_from_xml",
    "drop_fine",
    "drop_levy",
    "drop_scan",
    "end_party",
    "file_from",
    "fine",
    "forget_goods_file",
    "fresh_reference",
    "goods_in_new_draft",
    "issue",
    "issue_of_books",
    "items_that_speak",
    "keep_goods_file",
    "keep_party",
    "key_named",
    "law_day",
    "learn",
    "levy",
    "lines_of",
    "lock",
    "lock_standing",
    "locked",
    "lodge",
    "lodge_at_once",
    "lodge_once",
    "make_template",
    "mark_exited",
    "mark_paid",
    "mark_released",
    "may_be_amended",
    "may_be_cancelled",
    "meanwhile",
    "next_serial",
    "note_look",
    "page_picture",
    "paper_number",
    "pass_on",
    "patch_draft",
    "preview",
    "receive_file",
    "record",
    "remember_columns",
    "remove_document",
    "remove_item",
    "remove_items",
    "remove_part",
    "rename_template",
    "replace_goods",
    "restore_items",
    "restore_party",
    "save_draft",
    "save_fields",
    "save_what_fits",
    "set_aside",
    "stand_again",
    "state_of",
    "store_file",
    "take_out_called",
    "take_steps",
    "typed_party",
    "unbind_scan",
    "uphold_fine",
    "written_in",
]

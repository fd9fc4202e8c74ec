"""The verbs of a declaration. Each is one function, one transaction, one row of history."""

from declarations.services.amend import amend
from declarations.services.drafts import copy, create_draft, discard_draft, patch_draft, save_draft
from declarations.services.fields import save_fields
from declarations.services.files import draft_from_xml, store_file
from declarations.services.history import lock, record
from declarations.services.lifecycle import cancel, mark_paid, mark_released, may_be_cancelled, reject
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
    "amend",
    "cancel",
    "check",
    "copy",
    "copy_item",
    "create_draft",
    "discard_draft",
    "draft_from_xml",
    "lock",
    "lodge",
    "lodge_at_once",
    "lodge_once",
    "mark_paid",
    "mark_released",
    "may_be_cancelled",
    "patch_draft",
    "record",
    "reject",
    "remove_document",
    "remove_item",
    "remove_part",
    "save_draft",
    "save_fields",
    "store_file",
]

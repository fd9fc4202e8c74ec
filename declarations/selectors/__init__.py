"""Reads about declarations: the access gate, the whole document with its parts, its canonical JSON and its history."""

from declarations.selectors.access import (
    PREPARE,
    TRADER_STEPS,
    declarants_of,
    declaration_for,
    draft_for,
    file_for,
    may_prepare,
    of_party,
    rows_visible_to,
    visible_to,
)
from declarations.selectors.charges import charges_of, valuations_of
from declarations.selectors.content import (
    PARTS,
    Content,
    Row,
    as_dict,
    canonical,
    content_of,
    is_filled,
    lodged_content,
    row_as_json,
    standing,
    with_keys,
    with_parts,
)
from declarations.selectors.differences import Change, changes_between, matched
from declarations.selectors.history import events_of, files_of, lodged_under, versions_of
from declarations.selectors.numbers import Earlier, earlier_in_row, earlier_in_text, keys_of, of_number, written_mrn
from declarations.selectors.scans import looks_at, scans_by_id, scans_of, unbound_scans
from declarations.selectors.stock import Quantities, StockDraw, draws_of, named_accounts, named_in, stock_visible_to

__all__ = [
    "PARTS", "PREPARE", "TRADER_STEPS", "Change", "Content", "Earlier", "Quantities", "Row", "StockDraw",
    "as_dict", "canonical", "changes_between", "charges_of", "content_of", "declarants_of", "declaration_for",
    "draft_for", "draws_of", "earlier_in_row", "earlier_in_text", "events_of", "file_for", "files_of", "is_filled",
    "keys_of", "lodged_content", "lodged_under", "looks_at", "matched", "may_prepare", "named_accounts",
    "named_in", "of_number", "of_party", "row_as_json", "rows_visible_to", "scans_by_id", "scans_of", "standing",
    "stock_visible_to", "unbound_scans", "valuations_of", "versions_of", "visible_to", "with_keys", "with_parts",
    "written_mrn",
]  # fmt: skip

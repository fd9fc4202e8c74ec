"""Reads about declarations: the access gate, the whole document with its parts, its canonical JSON and its history."""

from declarations.selectors.access import (
    TRADER_STEPS,
    declaration_for,
    draft_for,
    file_for,
    may_prepare,
    of_party,
    rows_visible_to,
    visible_to,
)
from declarations.selectors.address_book import PARTY_BOXES, addresses_of, parties_listed, parties_offered
from declarations.selectors.charges import charges_of, valuations_of
from declarations.selectors.content import (
    PARTS,
    Content,
    Row,
    as_dict,
    canonical,
    content_of,
    document_as_json,
    header_of,
    is_filled,
    items_in,
    lodged_content,
    row_as_json,
    standing,
    with_keys,
    with_parts,
)
from declarations.selectors.differences import Change, changes_between, matched
from declarations.selectors.goods import before_of, codes_declared, columns_chosen, goods_file_of
from declarations.selectors.habits import COMMODITY, used_codes, used_goods
from declarations.selectors.history import beginning_of, events_of, files_of, lodged_under, versions_of
from declarations.selectors.numbers import Earlier, earlier_in_row, earlier_in_text, keys_of, of_number, written_mrn
from declarations.selectors.scans import looks_at, scans_by_id, scans_of, unbound_scans
from declarations.selectors.search import MOST_FOUND, in_rows, lodged_in_rows, with_text, words_of
from declarations.selectors.served import (
    MOST_USED_TEMPLATES,
    PREPARE,
    agents_for,
    declarants_of,
    served_by,
    served_by_draft,
    templates_of,
    trader_field,
)
from declarations.selectors.stock import Quantities, StockDraw, draws_of, named_accounts, named_in, stock_visible_to
from declarations.selectors.uploads import files_in, upload_for, uploads_of

__all__ = [
    "COMMODITY", "MOST_FOUND", "MOST_USED_TEMPLATES", "PARTS", "PARTY_BOXES", "PREPARE", "TRADER_STEPS", "Change",
    "Content", "Earlier", "Quantities", "Row", "StockDraw", "addresses_of", "agents_for", "as_dict", "before_of",
    "beginning_of", "canonical", "changes_between", "charges_of", "codes_declared", "columns_chosen", "content_of",
    "declarants_of", "declaration_for", "document_as_json", "draft_for", "draws_of", "earlier_in_row",
    "earlier_in_text", "events_of", "file_for", "files_in", "files_of", "goods_file_of", "header_of", "in_rows",
    "is_filled", "items_in", "keys_of", "lodged_content", "lodged_in_rows", "lodged_under", "looks_at", "matched",
    "may_prepare", "named_accounts", "named_in", "of_number", "of_party", "parties_listed", "parties_offered",
    "row_as_json", "rows_visible_to", "scans_by_id", "scans_of", "served_by", "served_by_draft", "standing",
    "stock_visible_to", "templates_of", "trader_field", "unbound_scans", "upload_for", "uploads_of", "used_codes",
    "used_goods", "valuations_of", "versions_of", "visible_to", "with_keys", "with_parts", "with_text", "words_of",
    "written_mrn",
]  # fmt: skip

"""Reads of clearance: who may see and do what, the queue, a file with its parts, what comes next, release times."""

from clearance.selectors.case import (
    Change,
    Record,
    case_of,
    changes_between,
    differences,
    examinations_of,
    open_query,
    queries_of,
    record_of,
)
from clearance.selectors.document import Document, document_of, totals_of
from clearance.selectors.exits import confirms_exits, exit_of, exit_office, expected_to_leave, may_confirm_exit
from clearance.selectors.links import Link, is_linked, links_of, links_to
from clearance.selectors.people import Powers, case_for, office_names, officers_for, offices_seen, powers_of
from clearance.selectors.queue import Holder, Load, Wanted, load_of, next_unclaimed, queue, short_reasons
from clearance.selectors.release_times import ReleaseTime, release_times
from clearance.selectors.repair import (
    clear_but_not_released,
    ended_but_open,
    exported_without_note,
    released_without_note,
    scored_without_case,
)
from clearance.selectors.standing import NextStep, next_step, plain_status, shown_to_trader
from clearance.selectors.stock import acts_on_stock, acts_within, is_bound_to
from clearance.selectors.trader import Desk, Filters, declarations_list, desk_of
from clearance.selectors.verify import Genuine, genuine_paper, note_of

__all__ = [
    "Change",
    "Desk",
    "Document",
    "Filters",
    "Genuine",
    "Holder",
    "Link",
    "Load",
    "NextStep",
    "Powers",
    "Record",
    "ReleaseTime",
    "Wanted",
    "acts_on_stock",
    "acts_within",
    "case_for",
    "case_of",
    "changes_between",
    "clear_but_not_released",
    "confirms_exits",
    "declarations_list",
    "desk_of",
    "differences",
    "document_of",
    "ended_but_open",
    "examinations_of",
    "exit_of",
    "exit_office",
    "expected_to_leave",
    "exported_without_note",
    "genuine_paper",
    "is_bound_to",
    "is_linked",
    "links_of",
    "links_to",
    "load_of",
    "may_confirm_exit",
    "next_step",
    "next_unclaimed",
    "note_of",
    "office_names",
    "officers_for",
    "offices_seen",
    "open_query",
    "plain_status",
    "powers_of",
    "queries_of",
    "queue",
    "record_of",
    "release_times",
    "released_without_note",
    "scored_without_case",
    "short_reasons",
    "shown_to_trader",
    "totals_of",
]  # fmt: skip

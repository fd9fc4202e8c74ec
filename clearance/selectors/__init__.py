"""Reads of clearance: who may see and do what, the queue, a file with its parts, what comes next, release times."""

from clearance.selectors.case import (
    Record,
    case_of,
    differences,
    examinations_of,
    open_query,
    queries_of,
    record_of,
)
from clearance.selectors.corrections import (
    Ruling,
    acts_in_office,
    contested_fines,
    correction_for,
    corrections_of,
    corrections_visible_to,
    fine_by_key,
    fines_of,
    is_linked_to_number,
    is_under_audit,
    moment_of,
    open_correction,
    ruling_on,
    unsettled,
    waiting_corrections,
)
from clearance.selectors.desk import (
    COLUMNS,
    Board,
    Column,
    board_of,
    choice_of,
    columns_of,
    next_to_open,
    views_of,
)
from clearance.selectors.document import Document, document_of, totals_of
from clearance.selectors.evidence import by_photo_link, photo_link, photos_in, picture_of, sample_of
from clearance.selectors.exits import confirms_exits, exit_of, exit_office, expected_to_leave, may_confirm_exit
from clearance.selectors.links import Link, is_linked, links_of, links_to
from clearance.selectors.people import Powers, case_for, may_audit, office_names, officers_for, offices_seen, powers_of
from clearance.selectors.queue import Wanted, next_unclaimed, queue, short_reasons
from clearance.selectors.release_times import ReleaseTime, release_times
from clearance.selectors.repair import (
    clear_but_not_released,
    ended_but_open,
    exported_without_note,
    paid_after_release,
    released_without_note,
    scored_without_case,
)
from clearance.selectors.staff import (
    AGES,
    Holder,
    Load,
    absences_of,
    automatic_offices,
    free_to_allot,
    held_counts,
    held_without_role,
    holders_of,
    is_automatic,
    load_of,
    staff_of,
    supervised,
    takers_of,
)
from clearance.selectors.standing import NextStep, next_step, plain_status, shown_to_trader
from clearance.selectors.stock import acts_on_stock, acts_within, is_bound_to
from clearance.selectors.trace import (
    Instruction,
    instructions_of,
    open_reroute,
    rerouted_by,
    reroutes_waiting,
    unchecked,
    was_rerouted_by,
)
from clearance.selectors.trader import Desk, Filters, declarations_list, desk_of
from clearance.selectors.verify import Genuine, genuine_paper, note_of
from clearance.selectors.versions import SideBySide, TaxChange, charged_on, side_by_side, taxes_compared, versions_seen

__all__ = [
    "AGES", "COLUMNS", "Board", "Column", "Desk", "Document", "Filters", "Genuine", "Holder", "Instruction", "Link",
    "Load", "NextStep", "Powers", "Record", "ReleaseTime", "Ruling", "SideBySide", "TaxChange", "Wanted",
    "absences_of", "acts_in_office", "acts_on_stock", "acts_within", "automatic_offices", "board_of",
    "by_photo_link", "case_for", "case_of", "charged_on", "choice_of", "clear_but_not_released", "columns_of",
    "confirms_exits", "contested_fines", "correction_for", "corrections_of", "corrections_visible_to",
    "declarations_list", "desk_of", "differences", "document_of", "ended_but_open", "examinations_of", "exit_of",
    "exit_office", "expected_to_leave", "exported_without_note", "fine_by_key", "fines_of", "free_to_allot",
    "genuine_paper", "held_counts", "held_without_role", "holders_of", "instructions_of", "is_automatic",
    "is_bound_to", "is_linked", "is_linked_to_number", "is_under_audit", "links_of", "links_to", "load_of",
    "may_audit", "may_confirm_exit", "moment_of", "next_step", "next_to_open", "next_unclaimed", "note_of",
    "office_names", "officers_for", "offices_seen", "open_correction", "open_query", "open_reroute",
    "paid_after_release", "photo_link", "photos_in", "picture_of", "plain_status", "powers_of", "queries_of",
    "queue", "record_of", "release_times", "released_without_note", "rerouted_by", "reroutes_waiting", "ruling_on",
    "sample_of", "scored_without_case", "short_reasons", "shown_to_trader", "side_by_side", "staff_of",
    "supervised", "takers_of", "taxes_compared", "totals_of", "unchecked", "unsettled", "versions_seen", "views_of",
    "waiting_corrections", "was_rerouted_by",
]  # fmt: skip

"""Verbs of clearance. Each locks the declaration first and writes its row of history."""

from clearance.services import corrections
from clearance.services.decide import decide_release, reject
from clearance.services.ending import amend, cancel
from clearance.services.examine import finish_examination, record_finding, start_audit, start_examination
from clearance.services.exits import confirm_exit, exit_hindrance, refuse_exit
from clearance.services.fees import charge_fee, drop_levy
from clearance.services.hold import allot, claim, claim_next, give_back, reroute
from clearance.services.load import load_targets
from clearance.services.note import issue_exit_note, issue_release_note
from clearance.services.openings import note_opening
from clearance.services.outcomes import close_findings, contest_fine, drop_fine, fine, uphold_fine
from clearance.services.question import FILES_AT_MOST, answer, ask, withdraw
from clearance.services.release import release_if_clear
from clearance.services.route import close_ended, route
from clearance.services.sweep import sweep
from clearance.services.take_up import take_up

__all__ = [
    "FILES_AT_MOST",
    "allot", "amend", "answer", "ask", "cancel", "charge_fee", "claim", "claim_next", "close_ended", "close_findings",
    "confirm_exit", "contest_fine", "corrections", "decide_release", "drop_fine", "drop_levy", "exit_hindrance", "fine",
    "finish_examination", "give_back", "issue_exit_note", "issue_release_note", "load_targets", "note_opening",
    "record_finding", "refuse_exit", "reject", "release_if_clear", "reroute", "route", "start_audit",
    "start_examination", "sweep", "take_up", "uphold_fine", "withdraw",
]  # fmt: skip

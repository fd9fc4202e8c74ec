"""Verbs of clearance. Each locks the declaration first and writes its row of history."""

from clearance.services import corrections
from clearance.services.check import check_instruction
from clearance.services.decide import decide_release, reject
from clearance.services.desk import arrange_desk, forget_view, keep_view
from clearance.services.ending import amend, cancel
from clearance.services.evidence import keep_facts, keep_photo, record_presence, record_sample_result, take_sample
from clearance.services.examine import finish_examination, record_finding, start_audit, start_examination
from clearance.services.exits import confirm_exit, exit_hindrance, refuse_exit
from clearance.services.fees import charge_fee, drop_levy
from clearance.services.hold import allot, claim, claim_next, give_back, take_back
from clearance.services.load import load_targets
from clearance.services.note import issue_exit_note, issue_release_note
from clearance.services.openings import note_opening
from clearance.services.outcomes import close_findings, contest_fine, drop_fine, fine, uphold_fine
from clearance.services.question import FILES_AT_MOST, answer, ask, withdraw
from clearance.services.release import release_if_clear
from clearance.services.reroute import agree_to_reroute, refuse_reroute, reroute
from clearance.services.route import close_ended, route
from clearance.services.staff import (
    allot_automatically,
    allot_many,
    end_absence,
    hand_files_over,
    record_absence,
    set_skill,
    switch_allotment,
)
from clearance.services.sweep import sweep
from clearance.services.take_up import take_up

__all__ = [
    "FILES_AT_MOST", "agree_to_reroute", "allot", "allot_automatically", "allot_many", "amend", "answer",
    "arrange_desk", "ask", "cancel", "charge_fee", "check_instruction", "claim", "claim_next", "close_ended",
    "close_findings", "confirm_exit", "contest_fine", "corrections", "decide_release", "drop_fine", "drop_levy",
    "end_absence", "exit_hindrance", "fine", "finish_examination", "forget_view", "give_back", "hand_files_over",
    "issue_exit_note", "issue_release_note", "keep_facts", "keep_photo", "keep_view", "load_targets", "note_opening",
    "record_absence", "record_finding", "record_presence", "record_sample_result", "refuse_exit", "refuse_reroute",
    "reject", "release_if_clear", "reroute", "route", "set_skill", "start_audit", "start_examination", "sweep",
    "switch_allotment", "take_back", "take_sample", "take_up", "uphold_fine", "withdraw",
]  # fmt: skip

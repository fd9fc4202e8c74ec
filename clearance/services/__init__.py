"""Verbs of clearance. Each locks the declaration first and writes its row of history."""

from clearance.services import corrections
from clearance.services.audits.company import (
    conclude_company_audit,
    confirm_company_audit,
    draw_files,
    drop_company_audit,
    give_company_audit,
    notify_company,
    plan_company_audit,
    send_company_audit_back,
)
from clearance.services.audits.opening import choose_for_audit
from clearance.services.audits.papers import issue_audit_notice, issue_audit_report
from clearance.services.audits.work import (
    ask_in_audit,
    begin_audit,
    conclude_audit,
    confirm_audit,
    leave_audit,
    plan_audit,
    send_audit_back,
    withdraw_in_audit,
)
from clearance.services.check import check_instruction
from clearance.services.decide import decide_release, reject
from clearance.services.desk import arrange_desk, forget_view, keep_view
from clearance.services.ending import amend, cancel
from clearance.services.evidence import (
    end_photo_links,
    keep_facts,
    keep_photo,
    record_presence,
    record_sample_result,
    take_sample,
)
from clearance.services.examine import finish_examination, record_finding, start_audit, start_examination
from clearance.services.exits import confirm_exit, exit_hindrance, refuse_exit
from clearance.services.fees import charge_fee, drop_levy
from clearance.services.hold import allot, claim, claim_next, give_back, take_back
from clearance.services.load import load_audit_terms, load_targets
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
    "arrange_desk", "ask", "ask_in_audit", "begin_audit", "cancel", "charge_fee", "check_instruction",
    "choose_for_audit", "claim", "claim_next", "close_ended", "close_findings", "conclude_audit",
    "conclude_company_audit", "confirm_audit", "confirm_company_audit", "confirm_exit", "contest_fine",
    "corrections", "decide_release", "draw_files", "drop_company_audit", "drop_fine", "drop_levy", "end_absence",
    "end_photo_links", "exit_hindrance", "fine", "finish_examination", "forget_view", "give_back", "give_company_audit",
    "hand_files_over", "issue_audit_notice", "issue_audit_report", "issue_exit_note", "issue_release_note",
    "keep_facts", "keep_photo", "keep_view", "leave_audit", "load_audit_terms", "load_targets", "note_opening",
    "notify_company", "plan_audit", "plan_company_audit", "record_absence", "record_finding", "record_presence",
    "record_sample_result", "refuse_exit", "refuse_reroute", "reject", "release_if_clear", "reroute", "route",
    "send_audit_back", "send_company_audit_back", "set_skill", "start_audit", "start_examination", "sweep",
    "switch_allotment", "take_back", "take_sample", "take_up", "uphold_fine", "withdraw", "withdraw_in_audit",
]  # fmt: skip

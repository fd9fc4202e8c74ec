"""Verbs about companies, the claims to them, their members and mandates. Each writes its row of history."""

from traders.services.claims import add_paper, ask_register, confirm_company, refuse_company
from traders.services.companies import change_company, register_company
from traders.services.mandates import give_mandate, give_mandate_by_tin, revoke_mandate
from traders.services.members import (
    accept_invitation,
    add_member,
    end_membership,
    end_memberships_of,
    invite,
    send_invitation,
    withdraw_invitation,
)
from traders.services.record import record_program

__all__ = [
    "accept_invitation",
    "add_member",
    "add_paper",
    "ask_register",
    "change_company",
    "confirm_company",
    "end_membership",
    "end_memberships_of",
    "give_mandate",
    "give_mandate_by_tin",
    "invite",
    "record_program",
    "refuse_company",
    "register_company",
    "revoke_mandate",
    "send_invitation",
    "withdraw_invitation",
]

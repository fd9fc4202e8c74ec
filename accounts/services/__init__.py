"""Verbs about people and their roles, and the outbox through which work goes up to later desks."""

from accounts.services.acts import Act, note_look, record_act
from accounts.services.followups import announce
from accounts.services.invitations import accept_account, invite_again, invite_person, send_invitation
from accounts.services.letters import write_letter
from accounts.services.people import (
    change_person,
    change_profile,
    choose_language,
    create_person,
    take_away_second_factor,
    tell_of_wrong_passwords,
    unlock_sign_in,
)
from accounts.services.phone_links import end_phone_links
from accounts.services.roles import (
    appoint,
    create_officer,
    end_role,
    give_proposed_role,
    propose_role,
    refuse_proposed_role,
)

__all__ = [
    "Act",
    "accept_account",
    "announce",
    "appoint",
    "change_person",
    "change_profile",
    "choose_language",
    "create_officer",
    "create_person",
    "end_phone_links",
    "end_role",
    "give_proposed_role",
    "invite_again",
    "invite_person",
    "note_look",
    "propose_role",
    "record_act",
    "refuse_proposed_role",
    "send_invitation",
    "take_away_second_factor",
    "tell_of_wrong_passwords",
    "unlock_sign_in",
    "write_letter",
]

"""Verbs about people, and the outbox through which work goes up to later desks."""

from accounts.services.people import (
    change_profile,
    choose_language,
    create_officer,
    create_person,
    create_token,
    end_role,
    give_role,
    revoke_token,
    take_away_second_factor,
)

__all__ = [
    "change_profile",
    "choose_language",
    "create_officer",
    "create_person",
    "create_token",
    "end_role",
    "give_role",
    "revoke_token",
    "take_away_second_factor",
]

"""Verbs of corrections: made and sent by the trader, consented to by officers, proposed by an officer and answered."""

from clearance.services.corrections.consent import confirm, decide, send_back
from clearance.services.corrections.effect import EffectOf, effect_of
from clearance.services.corrections.propose import (
    accept,
    accept_contested,
    contest,
    drop,
    propose,
    send_proposal,
    uphold,
)
from clearance.services.corrections.send import begin, begin_again, send, withdraw

__all__ = [
    "EffectOf",
    "accept",
    "accept_contested",
    "begin",
    "begin_again",
    "confirm",
    "contest",
    "decide",
    "drop",
    "effect_of",
    "propose",
    "send",
    "send_back",
    "send_proposal",
    "uphold",
    "withdraw",
]

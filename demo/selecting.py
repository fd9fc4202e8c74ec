"""What an analyst finds: companies' history, tables of values, profiles of companies, targets of two offices."""

from datetime import date, datetime, timedelta

from accounts.models import Role
from demo.accounts import AUTO, KHATLON, NORTH, PHARMA, SOMON, TERMINAL
from demo.people import officer_with, second_officer_of
from risk import services as risk

TABLES = (60, 30, 7, 1, 0)  # as of how many days ago


def arrange(*, on: date, at: datetime) -> None:
    """Everything of it, by the worker's and the analysts' verbs."""
    risk.take_in_history(at=at)
    for days in TABLES:
        risk.compute_values(on=on - timedelta(days=days), at=at)
    _profiles(on=on, at=at)
    _targets(on=on, at=at)


def _profiles(*, on: date, at: datetime) -> None:
    analyst = officer_with(Role.ANALYST)
    second = second_officer_of(analyst)
    kept = (
        (SOMON, "aeo", "Audited twice, books in order, no discrepancy in two years."),
        (AUTO, "watch", "Two values far below those of the same models within a month."),
        (KHATLON, "new", "First declarations of the company; nothing is known of it yet."),
        (PHARMA, "aeo", "Asked for by the company; its books were audited in September."),
    )
    for firm, kind, reason in kept:
        draft = risk.ProfileDraft(tin=firm.tin, kind=kind, valid_from=on, reason=reason)
        asked = risk.ask_profile(draft, by=analyst, at=at)
        if firm in (SOMON, AUTO):
            risk.agree_to_profile(asked, by=second, at=at)


def _targets(*, on: date, at: datetime) -> None:
    analyst = officer_with(Role.ANALYST)
    for office, lane, per_hour, per_day in (
        (TERMINAL, "red", 4, 20), (TERMINAL, "yellow", 12, 80), (NORTH, "red", 2, 10), (NORTH, "yellow", 6, 40),
    ):  # fmt: skip
        draft = risk.TargetDraft(office, lane, per_hour, per_day, on, "As many officers as work there in a shift.")
        risk.set_target(draft, by=analyst, at=at)

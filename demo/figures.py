"""Release times and counts of files: a promise from the first day on, then one run of counting over everything."""

from datetime import date, datetime, timedelta

from accounts.models import Role
from demo.accounts import TERMINAL
from demo.people import HISTORY, officer_with
from reporting import services
from reporting.models import Period, ReleaseTarget


def exist() -> bool:
    return Period.objects.exists()


def count(*, on: date, at: datetime) -> None:
    """Targets as they were promised before the first declaration, and figures of every day since."""
    if not ReleaseTarget.objects.exists():
        director, chief = officer_with(Role.DIRECTOR), officer_with(Role.SUPERVISOR, TERMINAL)
        then = {"regime": "", "valid_from": on - HISTORY, "at": at - HISTORY}
        services.set_target(
            office_code="", lane="", hours=48, reason="Two days, as told to the council of trade.", by=director, **then
        )
        services.set_target(
            office_code="",
            lane="green",
            hours=4,
            reason="Green files wait for nobody but the payer.",
            by=director,
            **then,
        )
        services.set_target(
            office_code=TERMINAL, lane="", hours=24, reason="The terminal has officers day and night.", by=chief, **then
        )
    services.count_closed_days(on=on, at=at + timedelta(seconds=1))

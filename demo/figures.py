"""Release times and counts of files: a promise from the first day on, then one run of counting over everything."""

from datetime import date, datetime, timedelta

from accounts.models import Role
from demo.accounts import TERMINAL
from demo.people import HISTORY, officer_with
from payments.services import count_revenue
from reporting import services
from reporting.models import Period, ReleaseTarget
from risk.models import Lane

PROMISED = (
    ("", "", 48, "Two days, as told to the council of trade."),
    ("", Lane.GREEN, 4, "Green files wait for nobody but the payer."),
    (TERMINAL, "", 24, "The terminal has officers day and night."),
)


def exist() -> bool:
    return bool(Period.objects.exists())


def count(*, on: date, at: datetime) -> None:
    """Targets as they were promised before the first declaration, figures of every day since, and revenue."""
    if not ReleaseTarget.objects.exists():
        since, then = on - HISTORY, at - HISTORY
        for office, lane, hours, reason in PROMISED:
            by = officer_with(Role.SUPERVISOR, office) if office else officer_with(Role.DIRECTOR)
            services.set_target(
                office_code=office, lane=lane, regime="", hours=hours, valid_from=since, reason=reason, by=by, at=then
            )
    count_revenue(at=at)
    services.count_closed_days(on=on, at=at + timedelta(seconds=1))

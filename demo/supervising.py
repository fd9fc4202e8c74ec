"""What a supervisor finds: skills, an absence, a change of lane that waits, a sample at the laboratory, a kept view."""

import uuid
from datetime import date, datetime, timedelta

from accounts.models import Role
from clearance import services as clearance
from clearance.models import Case, Examination
from demo.accounts import NORTH, TERMINAL
from demo.people import officer_with, second_officer_of
from risk.models import Lane


def arrange(*, on: date, at: datetime) -> None:
    """Everything of it, by the verbs of officers."""
    chief, officer = officer_with(Role.SUPERVISOR, TERMINAL), officer_with(Role.DOCUMENTARY, TERMINAL)
    clearance.set_skill(officer, office_code=TERMINAL, goods="30, 84, 85", most=12, by=chief, at=at)
    clearance.set_skill(second_officer_of(officer), office_code=TERMINAL, goods="", most=8, by=chief, at=at)
    clearance.record_absence(
        officer_with(Role.DOCUMENTARY, NORTH), since=on + timedelta(days=3), until=on + timedelta(days=10),
        reason="leave", by=officer_with(Role.SUPERVISOR, NORTH), at=at,
    )  # fmt: skip
    clearance.keep_view(name="Red, late", filters={"lane": "red", "due": "late"}, by=chief)
    open_red = Case.objects.waiting().filter(office_code=TERMINAL, lane=Lane.RED, decided_at=None)
    under_examination = Examination.objects.filter(finished_at=None).values("case_id")
    asked = open_red.exclude(pk__in=under_examination).order_by("pk").first()
    if asked is not None:
        reason = "The same goods of this maker were examined twice this month and conformed."
        clearance.reroute(asked, lane=Lane.YELLOW, reason=reason, by=chief, at=at)
    under_way = Examination.objects.filter(
        finished_at=None, kind="goods", case__closed_at=None, officer=officer_with(Role.EXAMINING, TERMINAL)
    ).first()  # fmt: skip
    if under_way is not None and under_way.case.claimed_by_id == under_way.officer_id:
        clearance.take_sample(
            under_way, key=uuid.uuid5(uuid.NAMESPACE_URL, "sample"), item_number=1, number="P-014/1", quantity="200 g",
            laboratory="Central customs laboratory", question="Composition of the fibre", by=under_way.officer, at=at,
        )  # fmt: skip

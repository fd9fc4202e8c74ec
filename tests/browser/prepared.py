"""What lies behind the desks of analysts, auditors and the director: files of yesterday made by verbs, and counted.

It runs in a process of its own on the stack's database: `manage.py shell -c "from tests.browser import prepared; …"`.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Role, User
from bench.portal import declaration
from clearance import services as clearance
from clearance.models import Case
from clearance.selectors import unchecked
from declarations import services as declarations
from declarations.models import Declaration
from demo import crowding, figures, learning
from demo.accounts import PHARMA, POMIR, TERMINAL, ZARAFSHON, Firm
from demo.goods import Order, Writer
from demo.management.commands.seed_demo import national_codes
from demo.people import company_of, officer_with, user_of
from oversight.services import mark_new_days
from payments import services as payments
from risk import services as risk
from risk.models import Criterion

Codes = Mapping[str, tuple[str, str]]
HIGH = "320000"  # US dollars: above the value from which files go through the blue lane


@transaction.atomic  # the worker hears of it when all is done
def everything() -> None:
    """Chance out of the way; tea and medicine of yesterday, a costly file of today; what the worker counts at night.

    Prints as JSON: MRN and key of the costly file, and tea that nobody has lodged yet.
    """
    at = timezone.now()
    on, before = timezone.localdate(at), at - timedelta(days=1)
    codes, once = national_codes(on=on), f"{at:%H%M%S}"
    yesterday, of_yesterday = on - timedelta(days=1), national_codes(on=on - timedelta(days=1))
    for criterion in Criterion.objects.filter(code__in=["RANDOM-DOC", "RANDOM-GOODS", "NEW-TRADER"], switched_on=True):
        risk.switch_off(criterion, reason="no luck in a story", at=at, by=None)
    for number in range(2):
        _paid(_tea(of_yesterday, f"P-{once}-{number}", "1200"), POMIR, on=yesterday, at=before)
        _paid(_tea(of_yesterday, f"P-{once}-{number}", "1400"), ZARAFSHON, on=yesterday, at=before)
    _released_unread(of_yesterday, on=yesterday, at=before)
    blue = _paid(_tea(codes, f"P-{once}-BLUE", HIGH), POMIR, on=on, at=at)
    if not crowding.exists():
        crowding.crowd(codes, on=on, at=at)
    risk.learn_from_rows(learning.earlier_declarations(until=on), name="earlier.csv", by=_analyst(), at=at)
    if not figures.exist():
        figures.count(on=on, at=at)
    mark_new_days(at=at)
    print(json.dumps({"mrn": blue.mrn, "key": str(blue.public_id), "tea": _tea(codes, f"P-{once}-TEA", "1200")}))


def _analyst() -> User:
    return officer_with(Role.ANALYST)


def _tea(codes: Codes, lrn: str, price: str) -> dict[str, Any]:
    code, unit = codes["0902300001"]
    supplementary = {"supplementary_unit_1": unit, "supplementary_quantity_1": "400"} if unit else {}
    item = {
        "commodity_code": code, "commercial_description": "Black tea in packets of 100 g", "origin_country": "CN",
        "extended_procedure": "4000", "packages_number": "40", "packages_kind": "CT", "packages_marks": "N/M",
        "gross_mass": "420", "net_mass": "400", "item_price": price, "valuation_method": "1", **supplementary,
        "documents": [{"code": "380", "reference": lrn, "date": "2026-11-02"}, {"code": "730", "reference": lrn}],
    }  # fmt: skip
    return {**declaration(items=0), "lrn": lrn, "invoice_amount": price, "items": [item]}


def _paid(data: Mapping[str, Any], firm: Firm, *, on: date, at: datetime) -> Declaration:
    """Lodged, scored, paid, and released where nobody has to look."""
    by, company = user_of(firm), company_of(firm)
    data = {**data, "consignee_code": firm.tin, "consignee_name": firm.box}
    made = declarations.lodge_at_once(declarant=company, data=data, on=on, at=at, by=by).declaration
    return _cleared(made, by=by, at=at)


def _cleared(made: Declaration, *, by: User, at: datetime) -> Declaration:
    risk.score(made.pk, at=at)
    clearance.route(made.pk, at=at)
    made.refresh_from_db()
    payments.pay_from_account(made, by=by, at=at, idempotency_key=f"prepared:{made.pk}")
    clearance.release_if_clear(made.pk, at=at)
    made.refresh_from_db()
    return made


def _released_unread(codes: Codes, *, on: date, at: datetime) -> None:
    """A yellow file whose release an officer decides without having opened it."""
    order = Order(int(f"{timezone.now():%H%M%S}"), PHARMA, PHARMA, on, TERMINAL, "IM4", "yellow")
    data = Writer(codes, seed=77).write(order)
    by, officer = user_of(PHARMA), officer_with(Role.DOCUMENTARY, TERMINAL)
    made = declarations.lodge_at_once(declarant=company_of(PHARMA), data=data, on=on, at=at, by=by).declaration
    _cleared(made, by=by, at=at)
    case = Case.objects.get(declaration=made)
    clearance.claim(case, by=officer, at=at)
    for each in unchecked(case):
        clearance.check_instruction(case, criterion=each.reason.criterion, result="conform", by=officer, at=at)
    clearance.decide_release(case, by=officer, at=at)

"""A full office: a criterion that yields to capacity, and declarations of one hour of which the last ones give way.

The score says so on the page of each file, and the targets of offices count it.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from accounts.models import Role
from clearance import services as clearance
from declarations import services as declarations
from demo.accounts import KHATLON, NORTH
from demo.goods import Order, Writer
from demo.people import company_of, officer_with, second_officer_of, user_of
from payments import services as payments
from risk import services as risk
from risk.models import Criterion

CODE, NUMBER = "FARM-GOODS", 9301
# Two of them fill the hour of the office; a random check may take one of the others.
PER_HOUR, FILED = 2, 4
GOODS = "3102, 3808, 8424, 8433, 8701"


def exists() -> bool:
    return Criterion.objects.filter(code=CODE).exists()


def crowd(codes: Mapping[str, tuple[str, str]], *, on: date, at: datetime) -> None:
    """The criterion goes live by two analysts, the office gets its target, and the declarations come at once."""
    _criterion(on=on, at=at)
    draft = risk.TargetDraft(NORTH, "yellow", PER_HOUR, 40, on, "One officer of the office is on leave.")
    risk.set_target(draft, by=officer_with(Role.ANALYST), at=at)
    writer, company, by = Writer(codes, seed=93), company_of(KHATLON), user_of(KHATLON)
    for number in range(NUMBER, NUMBER + FILED):
        data = writer.write(Order(number, KHATLON, KHATLON, on, NORTH, "IM4", ""))
        filed = declarations.lodge_at_once(declarant=company, data=data, on=on, at=at, by=by).declaration
        risk.score(filed.pk, at=at)
        clearance.route(filed.pk, at=at)
        filed.refresh_from_db()
        payments.pay_from_account(filed, by=by, at=at, idempotency_key=f"demo-crowd:{filed.pk}")
        clearance.release_if_clear(filed.pk, at=at + timedelta(seconds=5))


def _criterion(*, on: date, at: datetime) -> None:
    analyst = officer_with(Role.ANALYST)
    draft = risk.Draft(
        code=CODE, name="Goods for farming, while the office has room", lane="yellow", valid_from=on, may_yield=True,
        name_ru="Товары для сельского хозяйства, пока у поста есть время",
        name_tg="Молҳо барои кишоварзӣ, то даме ки идора имкон дорад",
        instruction="Compare makes and quantities with the contract.",
        instruction_ru="Сверьте марки и количество с договором.",
        instruction_tg="Тамғаҳо ва миқдорро бо шартнома муқоиса кунед.",
        conditions=[{"field": "item.commodity_code", "op": "starts_with", "value": GOODS}],
    )  # fmt: skip
    made = risk.make_criterion(draft, on=on, at=at, by=analyst)
    asked = risk.ask_replay(made, days=90, by=analyst, at=at)
    risk.replay_declarations(asked.pk, at=at)
    risk.propose(made, reason="Subsidised goods are resold; a share of them is looked at.", at=at, by=analyst)
    risk.approve(made, on=on, at=at, by=second_officer_of(analyst))

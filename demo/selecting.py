"""What an analyst finds: histories, tables of values, profiles, targets, a criterion that waits, a list, a drift."""

from datetime import date, datetime, timedelta

from django.conf import settings

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
    _criteria(on=on, at=at)


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
        (TERMINAL, "red", 4, 20), (TERMINAL, "yellow", 12, 80), (NORTH, "red", 2, 10),
    ):  # fmt: skip
        draft = risk.TargetDraft(office, lane, per_hour, per_day, on, "As many officers as work there in a shift.")
        risk.set_target(draft, by=analyst, at=at)


def _criteria(on: date, at: datetime) -> None:
    """A list that two analysts keep; a criterion that was replayed and waits for the second; seeds and counted hits."""
    analyst, zone = officer_with(Role.ANALYST), settings.TIME_ZONE
    listed = risk.ListDraft(
        code="ATTENTION", kind="country", name="Origins of the notice of November",
        name_ru="Происхождение по письму от ноября", name_tg="Пайдоиш аз рӯи мактуби ноябр", entries=["CN", "AE", "TR"],
    )  # fmt: skip
    first = risk.make_list(listed, valid_from=on, note="Notice 118 of the analysis desk.", on=on, at=at, by=analyst)
    risk.approve_list(first, on=on, at=at, by=second_officer_of(analyst))
    draft = risk.Draft(
        code="PHONES-MIXED", name="Telephones of attention, cheap or many", lane="yellow",
        name_ru="Телефоны под вниманием, дешёвые или много", name_tg="Телефонҳои зери назорат, арзон ё бисёр",
        instruction="Compare models and serial numbers with the invoice.",
        instruction_ru="Сверьте модели и серийные номера со счётом.",
        instruction_tg="Тамсилаҳо ва рақамҳои силсилавиро бо ҳисобнома муқоиса кунед.", valid_from=on,
        conditions=[
            {"field": "item.commodity_code", "op": "starts_with", "value": "8517"},
            {"field": "item.origin_country", "op": "in_list", "value": "ATTENTION"},
            {"field": "item.unit_value", "op": "<", "value": "400", "group": "A"},
            {"field": "item.packages_number", "op": "between", "value": "50 .. 5000", "group": "B"},
        ],
    )  # fmt: skip
    made = risk.make_criterion(draft, on=on, at=at, by=analyst)
    asked = risk.ask_replay(made, days=90, by=analyst, at=at)
    risk.replay_declarations(asked.pk, at=at)
    risk.propose(made, reason="Three seizures of telephones in October.", at=at, by=analyst)
    risk.make_seeds(on=on, at=at)
    risk.count_hits(zone=zone)
    risk.report_drift(at=at)

"""T402 to T404 without the nomenclature: what a row names exists, is in force for its days, and rests on an act."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Office
from lib.codes import beginnings
from lib.violations import Violation
from tariff_changes.rules.judged import Case, JudgedRow, Span, clipped, first_day_outside
from tariffs.models import (
    Country,
    CountryGroup,
    Currency,
    DocumentType,
    LegalAct,
    Procedure,
    Quota,
    Tax,
    TravelAllowance,
    TravelCategory,
    Unit,
)
from tariffs.rates import currencies_of, parse, units_of

_WITHOUT_DAYS: Mapping[str, Any] = {
    "country": Country,
    "group": CountryGroup,
    "document_type": DocumentType,
    "unit": Unit,
    "currency": Currency,
    "office": Office,
}


@dataclass(frozen=True, slots=True)
class Known:
    """Every code a row may name, what the set itself creates included. `lists` are those without days, by name."""

    lists: Mapping[str, frozenset[str]]
    acts: Mapping[str, date | None]
    taxes: Mapping[str, list[Span]]
    quotas: Mapping[str, list[Span]]


def known(case: Case) -> Known:
    """Ten short queries, however many rows the set has."""
    procedures = Procedure.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=case.since))
    requested = procedures.filter(is_national=False).values_list("code", flat=True)
    acts = dict(LegalAct.objects.values_list("number", "date"))
    acts.update({judged.values["number"]: judged.values["date"] for judged in case.created("legal_act")})
    lists = {name: frozenset(model.objects.values_list("code", flat=True)) for name, model in _WITHOUT_DAYS.items()}
    lists["origin"] = lists["country"] | lists["group"]
    lists["procedure"] = frozenset(beginning for code in requested for beginning in beginnings(code))
    lists["national_procedure"] = frozenset(procedures.filter(is_national=True).values_list("code", flat=True))
    taxes, quotas = _spans(case, "tax", "code", Tax), _spans(case, "quota", "number", Quota)
    goods = {judged.values["code"] for judged in case.created("travel_category")}
    goods |= set(TravelCategory.objects.values_list("code", flat=True))
    lists |= {"tax": frozenset(taxes), "quota": frozenset(quotas), "travel_category": frozenset(goods)}
    return Known(lists, acts, taxes, quotas)


def _spans(case: Case, table: str, column: str, model: type[Tax] | type[Quota]) -> dict[str, list[Span]]:
    """code -> the days it is in force once the set is published."""
    spans: dict[str, list[Span]] = defaultdict(list)
    last_days = case.last_days(table)
    for pk, code, start, stop in model.objects.values_list("pk", column, "valid_from", "valid_to"):
        if left := clipped(start, stop, last_days.get(pk)):
            spans[code].append(left)
    for judged in case.created(table):
        if new := clipped(judged.starts, judged.stops, None):
            spans[judged.values[column]].append(new)
    return spans


def references(case: Case) -> list[Violation]:
    """What each new row names."""
    if not case.rows:
        return []
    codes = known(case)
    return [fault for judged in case.rows if judged.creates for fault in _of(judged, codes)]


def _of(judged: JudgedRow, codes: Known) -> Iterator[Violation]:
    yield from _act(judged, codes)
    for name, column in judged.table.by_name.items():
        if column.refers in codes.lists:
            value = judged.values[name]
            for code in value if column.many else [value]:
                if code and code not in codes.lists[column.refers]:
                    yield judged.fault("T403", name, _("“%(code)s” is not known.") % {"code": code})
    if judged.table.name in ("measure", "travel_allowance"):
        yield from _rate(judged, codes)
    if judged.table.name == "travel_allowance":
        unit = judged.values["unit"]
        if unit != TravelAllowance.MONEY and unit not in codes.lists["unit"]:
            yield judged.fault("T403", "unit", _("“%(code)s” is not known.") % {"code": unit})
    if judged.table.name == "measure":
        yield from _tax(judged, codes)
        yield from _quota(judged, codes)


def _act(judged: JudgedRow, codes: Known) -> Iterator[Violation]:
    number = judged.values.get("act")
    if number is None:
        return
    is_needed = judged.table.by_name["act"].required
    if not number:
        if is_needed:
            yield judged.fault("T404", "act", _("No legal act: name one here or for the whole change set."))
    elif number not in codes.acts:
        sentence = _("No legal act has the number “%(number)s”.")
        yield judged.fault("T404", "act", sentence % {"number": number})
    elif is_needed and (day := codes.acts[number]) and judged.starts < day:
        sentence = _("The row begins before its legal act, which is of %(day)s.")
        yield judged.fault("T402", "valid_from", sentence % {"day": day.isoformat()})


def _rate(judged: JudgedRow, codes: Known) -> Iterator[Violation]:
    if not judged.values["rate"]:
        return
    rate = parse(judged.values["rate"])
    for code in sorted(currencies_of(rate) - codes.lists["currency"]):
        sentence = _("The rate is in the currency “%(code)s”, which is not known.")
        yield judged.fault("T403", "rate", sentence % {"code": code})
    for code in sorted(units_of(rate) - codes.lists["unit"]):
        sentence = _("The rate is for the unit “%(code)s”, which is not known.")
        yield judged.fault("T403", "rate", sentence % {"code": code})


def _tax(judged: JudgedRow, codes: Known) -> Iterator[Violation]:
    code = judged.values["tax"]
    span = Span(judged.starts, judged.stops)
    if code in codes.taxes and (day := first_day_outside(span, codes.taxes[code])):
        sentence = _("The tax %(code)s is not in force on %(day)s, a day of this row.")
        yield judged.fault("T402", "tax", sentence % {"code": code, "day": day.isoformat()})


def _quota(judged: JudgedRow, codes: Known) -> Iterator[Violation]:
    """A quota opens in periods: the measure begins in or after the first; one that ends, ends by the last."""
    number = judged.values["quota"]
    periods = codes.quotas.get(number)
    if not periods:
        return
    ends = [period.stop for period in periods]
    last = None if None in ends else max(end for end in ends if end is not None)
    after = last is not None and (judged.starts > last or (judged.stops is not None and judged.stops > last))
    if after or judged.starts < min(period.start for period in periods):
        sentence = _("The row is outside the periods of the quota %(number)s: %(periods)s.")
        shown = ", ".join(str(period) for period in sorted(periods, key=lambda period: period.start)[-3:])
        yield judged.fault("T402", "quota", sentence % {"number": number, "periods": shown})

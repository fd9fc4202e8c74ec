"""T402 to T404 without the nomenclature: what a row names exists, is in force for its days, and rests on an act."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from lib.violations import Violation
from tariff_changes.rules.proposals import Case, Proposal, Span, clipped, first_day_outside
from tariffs.models import (
    Country,
    CountryGroup,
    Currency,
    DocumentType,
    LegalAct,
    Procedure,
    Quota,
    Tax,
    Unit,
)
from tariffs.rates import currencies_of, parse, units_of

_NEED_AN_ACT = frozenset({"measure", "tax", "quota"})


@dataclass(frozen=True, slots=True)
class Known:
    """Every code a row may name, what the set itself creates included."""

    countries: frozenset[str]
    groups: frozenset[str]
    documents: frozenset[str]
    procedures: frozenset[str]
    national_procedures: frozenset[str]
    units: frozenset[str]
    currencies: frozenset[str]
    acts: Mapping[str, date | None]
    taxes: Mapping[str, list[Span]]
    quotas: Mapping[str, list[Span]]


def known(case: Case) -> Known:
    """Eight short queries, however many rows the set has."""
    codes = Procedure.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=case.change_set.takes_effect))
    requested = codes.filter(is_national=False).values_list("code", flat=True)
    acts = dict(LegalAct.objects.values_list("number", "date"))
    acts.update({proposal.row["number"]: proposal.row["date"] for proposal in case.created("legal_act")})
    return Known(
        countries=frozenset(Country.objects.values_list("code", flat=True)),
        groups=frozenset(CountryGroup.objects.values_list("code", flat=True)),
        documents=frozenset(DocumentType.objects.values_list("code", flat=True)),
        procedures=frozenset(code[:length] for code in requested for length in range(len(code) + 1)),
        national_procedures=frozenset(codes.filter(is_national=True).values_list("code", flat=True)),
        units=frozenset(Unit.objects.values_list("code", flat=True)),
        currencies=frozenset(Currency.objects.values_list("code", flat=True)),
        acts=acts,
        taxes=_spans(case, "tax", "code", Tax),
        quotas=_spans(case, "quota", "number", Quota),
    )


def _spans(case: Case, table: str, column: str, model: type[Tax] | type[Quota]) -> dict[str, list[Span]]:
    """code -> the days it is in force once the set is published."""
    spans: dict[str, list[Span]] = defaultdict(list)
    last_days = case.last_days(table)
    for pk, code, start, stop in model.objects.values_list("pk", column, "valid_from", "valid_to"):
        if left := clipped(start, stop, last_days.get(pk)):
            spans[code].append(left)
    for proposal in case.created(table):
        if new := clipped(proposal.starts, proposal.stops, None):
            spans[proposal.row[column]].append(new)
    return spans


def references(case: Case) -> list[Violation]:
    """What each new row names."""
    if not case.proposals:
        return []
    codes = known(case)
    return [fault for proposal in case.proposals if proposal.creates for fault in _of(proposal, codes)]


def _of(proposal: Proposal, codes: Known) -> Iterator[Violation]:
    yield from _act(proposal, codes)
    match proposal.table.name:
        case "measure":
            yield from _of_measure(proposal, codes)
        case "tax":
            for code in proposal.row["base_taxes"]:
                yield from _listed(proposal, "base_taxes", code, code in codes.taxes)
        case "quota":
            yield from _listed(proposal, "unit", proposal.row["unit"], proposal.row["unit"] in codes.units)
        case "commodity":
            unit = proposal.row["supplementary_unit"]
            yield from _listed(proposal, "supplementary_unit", unit, not unit or unit in codes.units)
        case "group_member":
            group, country = proposal.row["group"], proposal.row["country"]
            yield from _listed(proposal, "group", group, group in codes.groups)
            yield from _listed(proposal, "country", country, country in codes.countries)


def _listed(proposal: Proposal, column: str, code: str, is_known: bool) -> Iterator[Violation]:
    if not is_known:
        yield proposal.fault("T403", column, _("“%(code)s” is not known.") % {"code": code})


def _act(proposal: Proposal, codes: Known) -> Iterator[Violation]:
    number = proposal.row.get("act")
    if number is None:
        return
    if not number:
        if proposal.table.name in _NEED_AN_ACT:
            yield proposal.fault("T404", "act", _("No legal act: name one here or for the whole change set."))
    elif number not in codes.acts:
        sentence = _("No legal act has the number “%(number)s”.")
        yield proposal.fault("T404", "act", sentence % {"number": number})
    elif proposal.table.name in _NEED_AN_ACT and (day := codes.acts[number]) and proposal.starts < day:
        sentence = _("The row begins before its legal act, which is of %(day)s.")
        yield proposal.fault("T402", "valid_from", sentence % {"day": day.isoformat()})


def _of_measure(proposal: Proposal, codes: Known) -> Iterator[Violation]:
    row = proposal.row
    origins = codes.countries | codes.groups
    yield from _listed(proposal, "origin", row["origin"], not row["origin"] or row["origin"] in origins)
    for code in row["excluded_origins"]:
        yield from _listed(proposal, "excluded_origins", code, code in origins)
    document = row["document"]
    yield from _listed(proposal, "document", document, not document or document in codes.documents)
    for code in row["alternative_documents"]:
        yield from _listed(proposal, "alternative_documents", code, code in codes.documents)
    yield from _listed(proposal, "procedure", row["procedure"], row["procedure"] in codes.procedures | {""})
    national = row["national_procedure"]
    yield from _listed(proposal, "national_procedure", national, not national or national in codes.national_procedures)
    yield from _rate(proposal, codes)
    yield from _tax(proposal, codes)
    yield from _quota(proposal, codes)


def _rate(proposal: Proposal, codes: Known) -> Iterator[Violation]:
    if not proposal.row["rate"]:
        return
    rate = parse(proposal.row["rate"])
    for code in sorted(currencies_of(rate) - codes.currencies):
        sentence = _("The rate is in the currency “%(code)s”, which is not known.")
        yield proposal.fault("T403", "rate", sentence % {"code": code})
    for code in sorted(units_of(rate) - codes.units):
        sentence = _("The rate is for the unit “%(code)s”, which is not known.")
        yield proposal.fault("T403", "rate", sentence % {"code": code})


def _tax(proposal: Proposal, codes: Known) -> Iterator[Violation]:
    code = proposal.row["tax"]
    if not code:
        return
    if code not in codes.taxes:
        yield from _listed(proposal, "tax", code, False)
    elif day := first_day_outside(Span(proposal.starts, proposal.stops), codes.taxes[code]):
        sentence = _("The tax %(code)s is not in force on %(day)s, a day of this row.")
        yield proposal.fault("T402", "tax", sentence % {"code": code, "day": day.isoformat()})


def _quota(proposal: Proposal, codes: Known) -> Iterator[Violation]:
    """A quota opens in periods: the measure begins in or after the first; one that ends, ends by the last."""
    number = proposal.row["quota"]
    if not number:
        return
    periods = codes.quotas.get(number)
    if not periods:
        yield from _listed(proposal, "quota", number, False)
        return
    ends = [period.stop for period in periods]
    last = None if None in ends else max(end for end in ends if end is not None)
    after = last is not None and (proposal.starts > last or (proposal.stops is not None and proposal.stops > last))
    if after or proposal.starts < min(period.start for period in periods):
        sentence = _("The row is outside the periods of the quota %(number)s: %(periods)s.")
        shown = ", ".join(str(period) for period in sorted(periods, key=lambda period: period.start)[-3:])
        yield proposal.fault("T402", "quota", sentence % {"number": number, "periods": shown})

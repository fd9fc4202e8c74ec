"""All administrative acts in one list, read from the tables in which each leaves its trace."""

from collections.abc import Sequence

from django.apps import apps
from django.db.models import Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import AdministrativeAct, Look, TableChange
from clearance.models import AllotmentSwitch
from oversight.selectors.union import Asked, Source, Union
from passengers.models import CashExport
from payments.models import GuaranteeTerms, LimitChange
from risk.models import CriterionEvent
from tariff_changes.models import ChangeEvent, ExchangeRateList
from traders.models import CompanyEvent

_Right = CompanyEvent.Verb
RIGHTS = (
    _Right.MEMBER_ADDED, _Right.MEMBER_ENDED, _Right.INVITED, _Right.INVITATION_WITHDRAWN, _Right.MANDATE_GIVEN,
    _Right.MANDATE_REVOKED, _Right.PROGRAM_ADDED, _Right.PROGRAM_ENDED,
)  # fmt: skip
# What is done to the rows of a draft of law is shown with the change set.
_JOURNEY = {
    "begun": _("change set begun"),
    "submitted": _("change set submitted"),
    "approved": _("change set approved"),
    "sent_back": _("change set sent back"),
    "withdrawn": _("change set withdrawn"),
    "published": _("change set published"),
    "edition_taken": _("new edition taken over"),
}
_CRITERION = {
    "made": _("criterion made"),
    "switched_on": _("criterion switched on"),
    "switched_off": _("criterion switched off"),
    "ended": _("criterion ended by a newer version"),
    "replayed": _("criterion replayed"),
}
_ASKED, _DECIDED = {"asked": _("limit asked for")}, {"confirmed": _("limit confirmed"), "refused": _("limit refused")}
_PROPOSED = {"proposed": _("terms of a guarantee proposed")}
_AGREED = {"agreed": _("terms of a guarantee agreed"), "refused": _("terms of a guarantee refused")}
_RATES = {"published": _("rates published"), "refused": _("rates refused"), "waiting": _("rates wait")}


def _table_in_words(about: str) -> str:
    """“risk_officetarget · 4” as “target of an office · 4”: a reader knows the things, not the tables."""
    table, separator, row = about.partition(" · ")
    named = {model._meta.db_table: model._meta.verbose_name for model in apps.get_models()}
    return f"{named.get(table, table)}{separator}{row}"


SOURCES: tuple[Source, ...] = (
    Source(
        "people", _("people and roles"), AdministrativeAct.objects.all, about=("about",), person="person",
        kinds=dict(AdministrativeAct.Verb.choices),
    ),
    Source(
        "tables", _("code lists and dated tables"), TableChange.objects.all, about=("table", "row"), kind="action",
        kinds=dict(TableChange.Action.choices), said=_table_in_words,
    ),
    Source(
        "rights", _("rights in companies"), lambda: CompanyEvent.objects.filter(verb__in=RIGHTS),
        about=("company__tin", "about"), kinds=dict(_Right.choices),
    ),
    Source(
        "criteria", _("criteria of risk"), CriterionEvent.objects.all, about=("criterion__code", "note"),
        kinds=_CRITERION,
    ),
    Source(
        "law", _("changes of law"), lambda: ChangeEvent.objects.filter(verb__in=list(_JOURNEY)),
        about=("change_set__title", "note"), kinds=_JOURNEY,
    ),
    Source(
        "rates", _("exchange rates"), ExchangeRateList.objects.all, at="made_at", by="made_by",
        kind=Value("entered"), about=("source", "valid_from"), kinds={"entered": _("rates entered")},
    ),
    Source(
        "rates_decided", _("exchange rates decided"),
        lambda: ExchangeRateList.objects.filter(decided_at__isnull=False, decided_by__isnull=False),
        at="decided_at", by="decided_by", kind="status", about=("source", "valid_from", "note"), kinds=_RATES,
    ),
    Source(
        "limits", _("limits asked for"), LimitChange.objects.all, kind=Value("asked"),
        about=("account__company__tin", "old", "new", "reason"), kinds=_ASKED,
    ),
    Source(
        "limits_decided", _("limits decided"), lambda: LimitChange.objects.filter(decided_at__isnull=False),
        at="decided_at", by="decided_by", kind="status", about=("account__company__tin", "old", "new"),
        kinds=_DECIDED,
    ),
    Source(
        "guarantees", _("terms of guarantees"), GuaranteeTerms.objects.all, kind=Value("proposed"),
        about=("limit", "valid_to", "reason"), kinds=_PROPOSED,
    ),
    Source(
        "guarantees_decided", _("terms of guarantees decided"),
        lambda: GuaranteeTerms.objects.filter(decided_at__isnull=False), at="decided_at", by="decided_by",
        kind="status", about=("limit", "valid_to", "decision"), kinds=_AGREED,
    ),
    Source(
        "allotment", _("automatic allotment"), AllotmentSwitch.objects.all, kind="is_on", about=("office_code",),
        kinds={"true": _("automatic allotment switched on"), "false": _("automatic allotment switched off")},
    ),
    Source(
        "tables_out", _("tables taken away"), lambda: Look.objects.filter(what=Look.What.EXPORT), kind="what",
        person="person", about=("text", "tin"), kinds={"export": _("table taken away")},
    ),
    Source(
        "monitor", _("files for the financial monitor"), CashExport.objects.all, at="asked_at", by="asked_by",
        kind=Value("asked"), about=("since", "until", "format"),
        kinds={"asked": pgettext_lazy("file for the financial monitor", "file asked for")},
    ),
)  # fmt: skip


def acts(asked: Asked) -> Union:
    """Administrative acts that fit, the newest first; for a paginator or a piece."""
    return Union(SOURCES, asked)


def kinds_of_acts() -> Sequence[tuple[str, object]]:
    """What a form offers to filter by: the groups, and below each its kinds."""
    groups: list[tuple[str, object]] = []
    for each in SOURCES:
        kinds = [(f"{each.name}:{kind}", label) for kind, label in each.kinds.items()]
        groups.append((str(each.label), [(each.name, _("all of these")), *kinds]))
    return groups

"""Lists of new exchange rates: brought, flagged, confirmed or turned down; published whole or not at all.

What is flagged waits for a second person: T303 a jump by more than the set share, T304 no rate for more than the set
days before, T305 a currency that has a rate and is not in the list. What cannot be is refused: T301 a currency that
is not listed, T302 a day that has a rate already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from lib.figures import ZERO
from lib.violations import Rejected, Violation, refuse
from tariff_changes.models import ExchangeRateEntry, ExchangeRateList
from tariff_changes.services.exchange_rates.reading import RateRow, read_rates
from tariff_changes.states import move_rate_list
from tariffs.models import Currency, ExchangeRate, Territory
from tariffs.selectors import territory

Status = ExchangeRateList.Status


@transaction.atomic
def bring_file(content: bytes, *, name: str, source: str, by: User | None, at: datetime) -> ExchangeRateList:
    """Take a file of the central bank: in force at once if nothing is flagged. Raises Rejected with every fault."""
    read = read_rates(content, name=name)
    brought = _bring(
        ExchangeRateList(
            valid_from=read.valid_from,
            source=source or read.source,
            way=ExchangeRateList.Way.FILE,
            file_name=name[:120],
            made_by=by,
            made_at=at,
        ),
        read.rows,
    )
    if not brought.is_flagged:
        _publish(brought, at=at)
    return brought


@transaction.atomic
def bring_by_hand(
    rates: Sequence[RateRow], *, valid_from: date, source: str, by: User, at: datetime
) -> ExchangeRateList:
    """Take rates that a person typed; they wait for a second person. Raises Rejected with every fault."""
    made = ExchangeRateList(valid_from=valid_from, source=source, way=ExchangeRateList.Way.HAND, made_by=by, made_at=at)
    return _bring(made, rates)


@transaction.atomic
def confirm(rate_list: ExchangeRateList, *, by: User, at: datetime) -> ExchangeRateList:
    """A second person puts a waiting list in force. Raises Rejected if it is decided, one's own, or out of date."""
    locked = _waiting(rate_list, by=by)
    _publish(locked, at=at, decided_by=by, decided_at=at)
    return locked


@transaction.atomic
def turn_down(rate_list: ExchangeRateList, *, reason: str, by: User, at: datetime) -> ExchangeRateList:
    """A waiting list is put aside with a reason; whoever brought it may do that too."""
    locked = ExchangeRateList.objects.select_for_update().get(pk=rate_list.pk)
    _refuse_decided(locked)
    if not reason.strip():
        raise refuse("T310", "reason", _("Give the reason."))
    decided_by = None if locked.made_by_id == by.pk else by
    move_rate_list(locked, Status.REFUSED, note=reason.strip(), decided_by=decided_by, decided_at=at)
    return locked


def _waiting(rate_list: ExchangeRateList, *, by: User) -> ExchangeRateList:
    locked = ExchangeRateList.objects.select_for_update().get(pk=rate_list.pk)
    _refuse_decided(locked)
    if locked.made_by_id == by.pk:
        raise refuse("T311", "", _("You entered this list yourself. Another person has to confirm it."))
    return locked


def _refuse_decided(rate_list: ExchangeRateList) -> None:
    if rate_list.status != Status.WAITING:
        sentence = _("This list is decided already: %(status)s.") % {"status": rate_list.get_status_display()}
        raise refuse("T312", "", sentence)


# Judging ------------------------------------------------------------------------------------------------------
def _bring(made: ExchangeRateList, rates: Sequence[RateRow]) -> ExchangeRateList:
    if not made.source:
        raise refuse("T313", "source", _("Say who publishes these rates."))
    standing = _standing(rates, made.valid_from)
    if faults := _faults(rates, standing, made.valid_from, today=localdate(made.made_at)):
        raise Rejected(faults)
    law = territory()
    entries = [_entry(row, standing.before.get(row.currency), made.valid_from, law) for row in rates]
    if made.way == ExchangeRateList.Way.FILE:
        in_force = ExchangeRate.objects.on(made.valid_from).values_list("currency", flat=True)
        made.missing = sorted(set(in_force) - {row.currency for row in rates})
    made.is_flagged = bool(made.missing) or any(entry.flags for entry in entries)
    made.save()
    for entry in entries:
        entry.rate_list = made
    ExchangeRateEntry.objects.bulk_create(entries)
    return made


@dataclass(frozen=True, slots=True)
class _Standing:
    """The rates around a day: by currency the one before it (or of it), and when the next one begins."""

    before: Mapping[str, ExchangeRate]
    following: Mapping[str, date]


def _standing(rates: Iterable[RateRow], day: date) -> _Standing:
    """What stands already. Until the transaction ends nobody else brings or confirms rates."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('exchange-rates', 0))")
    rows = ExchangeRate.objects.filter(currency__in=[row.currency for row in rates])
    before = rows.filter(valid_from__lte=day).order_by("currency", "-valid_from").distinct("currency")
    later = rows.filter(valid_from__gt=day).order_by("currency", "valid_from").distinct("currency")
    return _Standing(
        before={row.currency: row for row in before},
        following=dict(later.values_list("currency", "valid_from")),
    )


def _faults(rates: Sequence[RateRow], standing: _Standing, day: date, *, today: date) -> list[Violation]:
    known = set(Currency.objects.filter(code__in=[row.currency for row in rates]).values_list("code", flat=True))
    faults = []
    for row in rates:
        before = standing.before.get(row.currency)
        words = {"currency": row.currency, "day": day.isoformat()}
        if row.currency not in known:
            faults.append(Violation("T301", row.currency, _("%(currency)s is not in the list of currencies.") % words))
        elif before is not None and before.valid_from == day:
            sentence = _("%(currency)s has a rate from %(day)s already; a published rate stays.") % words
            faults.append(Violation("T302", row.currency, sentence))
        elif row.currency in standing.following and day < today:
            sentence = _("%(currency)s has later rates, and %(day)s has passed: its rate was applied already.") % words
            faults.append(Violation("T302", row.currency, sentence))
    return faults


def _entry(row: RateRow, latest: ExchangeRate | None, valid_from: date, law: Territory) -> ExchangeRateEntry:
    entry = ExchangeRateEntry(currency=row.currency, nominal=row.nominal, rate=row.rate)
    if latest is None:
        return entry
    entry.before, entry.before_from = latest.rate / latest.nominal, latest.valid_from
    if abs(entry.change or ZERO) > law.exchange_rate_jump:
        entry.flags.append("T303")
    if (valid_from - latest.valid_from).days > law.exchange_rate_age:
        entry.flags.append("T304")
    return entry


def _publish(rate_list: ExchangeRateList, *, at: datetime, **decision: Any) -> None:
    entries = list(rate_list.entries.all())
    rows = [RateRow(entry.currency, entry.nominal, entry.rate) for entry in entries]
    day, eve = rate_list.valid_from, timedelta(days=1)
    standing = _standing(rows, day)
    if faults := _faults(rows, standing, day, today=localdate(at)):
        raise Rejected(faults)
    for before in standing.before.values():
        if before.valid_to is None or before.valid_to >= day:
            before.valid_to = day - eve
            before.save(update_fields=["valid_to"])
    ExchangeRate.objects.bulk_create(
        ExchangeRate(
            currency=row.currency,
            nominal=row.nominal,
            rate=row.rate,
            valid_from=day,
            valid_to=standing.following[row.currency] - eve if row.currency in standing.following else None,
            source=rate_list.source,
        )
        for row in rows
    )
    move_rate_list(rate_list, Status.PUBLISHED, **decision)

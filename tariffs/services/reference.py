"""Verbs on the reference tables: keep a row of a code list, an everyday word, a new exchange rate.

Published law (nomenclature, taxes, measures) is not changed here.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import models, transaction
from django.utils.translation import gettext as _
from tablib import Dataset

from accounts.models import User
from customs_portal.lib.table_history import written_by
from customs_portal.lib.violations import Rejected, Violation
from tariffs.models import Currency, ExchangeRate, Synonym
from tariffs.services import search
from tariffs.services.load_country import new_edition

LARGEST_JUMP = Decimal("0.3")


# How the UNECE names the columns of Recommendations 20 and 21, and marks a row that is no longer used.
UNECE_COLUMNS = {"CommonCode": "code", "Code": "code", "Name": "name", "Symbol": "symbol"}
UNECE_WITHDRAWN = "X"


def as_ours(table: Dataset) -> None:
    """Give a UNECE list our column names, in place, and leave out the rows that it marks as withdrawn."""
    headers = list(table.headers or ())
    if "Status" not in headers:
        return
    status = headers.index("Status")
    rows = [row for row in table if row[status] != UNECE_WITHDRAWN]
    table.wipe()
    table.headers = [UNECE_COLUMNS.get(name, name) for name in headers]
    table.extend(rows)


@transaction.atomic
def keep(row: models.Model, *, by: User, at: datetime) -> None:
    """Write a row of a code list and tell every process that what it remembers is old."""
    written_by(by.pk)
    row.save()
    new_edition(at=at)


@transaction.atomic
def keep_synonym(row: Synonym, *, by: User, at: datetime) -> None:
    """Write an everyday word; the search finds it at once."""
    written_by(by.pk)
    row.term = " ".join(row.term.lower().split())
    row.save()
    search.rebuild()
    new_edition(at=at)


@transaction.atomic
def drop_synonyms(rows: models.QuerySet[Synonym], *, by: User, at: datetime) -> None:
    """Take everyday words out of the search."""
    written_by(by.pk)
    rows.delete()
    search.rebuild()
    new_edition(at=at)


@transaction.atomic
def after_import(model: type[models.Model], *, at: datetime) -> None:
    """What has to follow when rows of `model` came in by a file."""
    if model is Synonym:
        search.rebuild()
    new_edition(at=at)


@transaction.atomic
def add_exchange_rate(
    *, currency: str, nominal: int, rate: Decimal, valid_from: date, source: str, at: datetime
) -> ExchangeRate:
    """A new official rate from `valid_from` on; the one before it ends on the day before.

    Raises Rejected with what `exchange_rate_violations` finds.
    """
    latest = _rates(currency).select_for_update().first()
    if found := exchange_rate_violations(currency=currency, nominal=nominal, rate=rate, valid_from=valid_from):
        raise Rejected(found)
    if latest is not None and (latest.valid_to is None or latest.valid_to >= valid_from):
        latest.valid_to = valid_from - timedelta(days=1)
        latest.save(update_fields=["valid_to"])
    added = ExchangeRate.objects.create(
        currency=currency, nominal=nominal, rate=rate, valid_from=valid_from, source=source
    )
    new_edition(at=at)
    return added


def exchange_rate_violations(*, currency: str, nominal: int, rate: Decimal, valid_from: date) -> list[Violation]:
    """What speaks against a new rate.

    T301 a currency that is not listed, T302 a day that has a rate already or lies before the latest one, T303 a
    jump by more than 30 per cent: that is a slip of the pen or of the nominal.
    """
    if not Currency.objects.filter(code=currency).exists():
        return [Violation("T301", "currency", _("This currency is not in the list of currencies."))]
    latest = _rates(currency).first()
    if latest is None:
        return []
    if valid_from <= latest.valid_from:
        sentence = _("A rate from %(day)s stands already. A published rate is not changed; the next begins later.")
        return [Violation("T302", "valid_from", sentence % {"day": latest.valid_from.isoformat()})]
    before = latest.rate / latest.nominal
    if abs(rate / nominal - before) > before * LARGEST_JUMP:
        sentence = _("This is more than 30 %% away from the rate before, %(rate)s for one. Check rate and nominal.")
        return [Violation("T303", "rate", sentence % {"rate": f"{before:.6f}"})]
    return []


def _rates(currency: str) -> models.QuerySet[ExchangeRate]:
    """The rates of a currency, the latest first."""
    rates: models.QuerySet[ExchangeRate] = ExchangeRate.objects.filter(currency=currency).order_by("-valid_from")
    return rates

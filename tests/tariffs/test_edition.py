"""Each change of law or of a code list gives the tables a new edition, whoever writes it; nothing else does."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Office
from declarations.assessment import preview
from tariffs.calculation import Consignment, ConsignmentItem
from tariffs.models import (
    CodeListEntry,
    Commodity,
    CorrectionRule,
    Country,
    CountryGroupMember,
    Currency,
    DeliveryTerm,
    DocumentType,
    ExchangeRate,
    LegalAct,
    Measure,
    PackageKind,
    Procedure,
    Quota,
    Tax,
    Territory,
    TransportMode,
    Unit,
)
from tariffs.selectors import law_for, territory
from tests import make

pytestmark = pytest.mark.django_db

TABLES: tuple[Any, ...] = (
    CodeListEntry, Commodity, CorrectionRule, Country, CountryGroupMember, Currency, DeliveryTerm, DocumentType,
    ExchangeRate, LegalAct,
    Measure, Office, PackageKind, Procedure, Tax, TransportMode, Unit,
)  # fmt: skip


def as_publication() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.publishing', 'on', true)")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_a_change_of_any_table_of_law_gives_a_new_edition(table: Any) -> None:
    as_publication()
    names = ("name", "note", "rate", "title", "country", "days")
    field = next(each for each in table._meta.concrete_fields if each.name in names)
    before = territory().edition
    row = table.objects.first()
    table.objects.filter(pk=row.pk).update(**{field.attname: getattr(row, field.attname)})
    changed = territory().edition
    assert changed > before
    table.objects.filter(pk=-1).update(**{field.attname: getattr(row, field.attname)})
    table.objects.filter(pk=-1).delete()
    assert territory().edition == changed, "nothing was changed"


def test_a_row_that_comes_or_goes_gives_a_new_edition() -> None:
    before = territory().edition
    made = Country.objects.create(code="QZ", name="Atlantis")
    added = territory().edition
    made.delete()
    assert before < added < territory().edition


def test_the_territory_itself_counts_and_its_row_is_read_anew() -> None:
    before = territory()
    Territory.objects.update(exchange_rate_jump=before.exchange_rate_jump + 1)
    assert territory().edition > before.edition
    assert territory().exchange_rate_jump == before.exchange_rate_jump + 1


def test_a_draw_from_a_quota_is_no_change_of_law() -> None:
    quota = Quota.objects.all()[0]
    before = territory().edition
    Quota.objects.filter(pk=quota.pk).update(drawn=0)
    assert territory().edition == before
    as_publication()
    Quota.objects.filter(pk=quota.pk).update(volume=quota.volume + 1)
    assert territory().edition > before


def test_an_edition_of_an_undone_transaction_is_never_given_again() -> None:
    with transaction.atomic():
        Country.objects.create(code="QZ", name="Atlantis")
        undone = territory().edition
        transaction.set_rollback(True)
    Country.objects.create(code="QY", name="Lemuria")
    assert territory().edition > undone


# What is remembered ---------------------------------------------------------------------------------------------
def tea() -> Consignment:
    return Consignment("import", "4", "USD", (ConsignmentItem(1, "0902300009", "CN", 100),), working_mode=0)  # type: ignore[arg-type]


def test_the_law_of_a_day_is_read_once(django_assert_num_queries: Any) -> None:
    law_for(tea(), on=make.ON)
    with django_assert_num_queries(1):
        law_for(tea(), on=make.ON)


def test_what_is_published_applies_at_once() -> None:
    before = law_for(tea(), on=make.ON)
    as_publication()
    duty = before.measures[1][0]
    Measure.objects.filter(pk=duty.measure_id).update(rate_text="31%")
    rates = {measure.rate_text for measure in law_for(tea(), on=make.ON).measures[1]}
    assert "31%" in rates
    usd = before.exchange_rates["USD"].rate
    ExchangeRate.objects.filter(currency="USD", valid_from__lte=make.ON).update(rate=usd + 1, nominal=1)
    assert law_for(tea(), on=make.ON).exchange_rates["USD"].rate == usd + 1


def test_another_day_has_its_own_law() -> None:
    early = ExchangeRate.objects.filter(currency="USD").order_by("valid_from").values_list("valid_from", flat=True)[0]
    assert "USD" in law_for(tea(), on=make.ON).exchange_rates
    assert "USD" not in law_for(tea(), on=early - timedelta(days=1)).exchange_rates


def test_a_draft_is_assessed_by_the_new_law() -> None:
    draft = make.draft()
    before = preview(draft, on=make.ON).payable
    as_publication()
    Tax.objects.filter(code="VAT").update(base_includes_value=False)
    assert preview(draft, on=make.ON).payable != before

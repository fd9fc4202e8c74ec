"""What a version was answered, in the reader's language: words come from the rows of law, figures from the version."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from lib.languages import in_language
from passengers.models import Charge, Version
from tariffs.models import CashLimit, TravelAllowance, TravelRequirement
from tariffs.selectors import code_list


def findings_of(version: Version) -> list[dict[str, Any]]:
    """The findings; one whose row of law is gone keeps the words it was given."""
    codes = {finding["row"] for finding in version.findings if finding["row"]}
    words = {
        row.code: {"sentence": in_language(row), "note": in_language(row, "note")}
        for table in (CashLimit, TravelRequirement, TravelAllowance)
        for row in (table.objects.on(version.law_on).filter(code__in=codes) if codes else ())
    }
    return [finding | words.get(finding["row"], {}) for finding in version.findings]


def charges_of(version: Version) -> Sequence[Charge]:
    """The charges in order, with the days of their exchange rates as days. The rows are for reading alone."""
    rows = list(Charge.objects.filter(version=version).select_related("traveller").order_by("sequence"))
    on = version.law_on
    allowances = TravelAllowance.objects.on(on).filter(code__in={row.allowance for row in rows}) if rows else ()
    names = {row.code: in_language(row) for row in allowances}
    taxes = code_list("tax", on=on) if rows else {}
    for row in rows:
        row.tax_name = taxes.get(row.tax_code) or names.get(row.allowance) or row.tax_name
        row.exchange_rates = [fact | {"since": date.fromisoformat(fact["since"])} for fact in row.exchange_rates]
    return rows

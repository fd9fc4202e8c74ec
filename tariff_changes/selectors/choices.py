"""What a person picks from when they write a row: codes of lists, and published rows to end or to replace."""

from datetime import date

from lib.languages import in_language
from tariff_changes.models import ChangeRow
from tariff_changes.selectors.change_sets import acts
from tariff_changes.selectors.law_texts import texts_by_pk, texts_in_force
from tariff_changes.selectors.shown_rows import ShownRow, shown_as_it_is
from tariffs.columns import Table, changed_by_hand
from tariffs.models import CountryGroup, Quota, TravelCategory
from tariffs.selectors import code_lists

CHOICE = 200


def codes_for(table: Table, *, on: date) -> dict[str, list[tuple[str, str]]]:
    """For each column that holds one code of a list: the codes in force, with their names."""
    picked = {name: column.refers for name, column in table.by_name.items() if column.refers and not column.many}
    found = {codes: _codes_of(codes, on=on) for codes in set(picked.values())}
    return {name: found[codes] for name, codes in picked.items()}


def _codes_of(codes: str, *, on: date) -> list[tuple[str, str]]:
    """The codes of one list in force on a date, with their names."""
    match codes:
        case "group":
            return [(group.code, in_language(group)) for group in CountryGroup.objects.all()]
        case "origin":
            return [*_codes_of("group", on=on), *_codes_of("country", on=on)]
        case "quota":
            return [(quota.number, in_language(quota)) for quota in Quota.objects.on(on)]
        case "travel_category":
            return [(category.code, in_language(category)) for category in TravelCategory.objects.on(on)]
        case "act":
            return [(act.number, in_language(act, "title")) for act in acts()]
    return list(code_lists(on=on).names(codes).items())


def rows_to_change(table: Table, *, on: date, code: str = "", tax: str = "") -> list[ShownRow]:
    """Published rows in force on a date that an end or a replacement may choose, at most `CHOICE`.

    `code` keeps those about commodity codes that begin so, `tax` those of a tax.
    """
    lookups = {"tax_code": tax} if tax and table.name == "measure" else {}
    if code and table.code_column:
        lookups[f"{table.path(table.code_column)}__startswith"] = code
    found = list(texts_in_force(table, on=on, **lookups).items())[:CHOICE]
    return [shown_as_it_is(ChangeRow(table=table.name, target=pk, seen=texts)) for pk, texts in found]


def published_row(table: str, pk: int) -> dict[str, str] | None:
    """The texts of one published row; None where there is none."""
    found = changed_by_hand().get(table)
    return texts_by_pk(found, [pk]).get(pk) if found else None

"""What officers have decided about: a country's folder, loaded again, leaves it as it is."""

from collections.abc import Callable
from datetime import date
from functools import cache

from lib.cells import printed
from tariff_changes.models import ChangeRow, ChangeSet, ExchangeRateEntry, ExchangeRateList
from tariff_changes.selectors.law_texts import Texts, becoming
from tariffs.columns import LAW, Table

Key = tuple[str, ...]


def _key(table: Table) -> Callable[[Texts], Key]:
    """What tells a row from all others of its table: its series and its first day, as the tables print them."""
    names = (*table.series, *(("valid_from",) if table.dated else ()))

    @cache
    def tidy(name: str, text: str) -> str:
        return printed(table.by_name[name].read(text))

    return lambda texts: tuple(tidy(name, texts.get(name, "")) for name in names)


def decided(table: Table) -> set[Key]:
    """The key of each row that officers have created, ended, replaced or taken out: by what their sets say."""
    rows = ChangeRow.objects.filter(table=table.name, change_set__status=ChangeSet.Status.PUBLISHED)
    by_officers = rows.filter(change_set__origin=ChangeSet.Origin.OFFICERS).values_list(
        "action", "seen", "values", "change_set__takes_effect", "change_set__legal_act__number"
    )
    key = _key(table)
    found: set[Key] = set()
    for action, seen, values, day, act in by_officers.iterator(chunk_size=2000):
        if seen:
            found.add(key(seen))
        if action != ChangeRow.Action.END:
            found.add(key(becoming(table, seen=seen, values=values, takes_effect=day, act=act or "")))
    if table is LAW["exchange_rate"]:
        found |= _published_rates()
    return found


def _published_rates() -> set[Key]:
    """Exchange rates that came in lists of their own."""
    published = ExchangeRateEntry.objects.filter(rate_list__status=ExchangeRateList.Status.PUBLISHED)
    entries: list[tuple[str, date]] = list(published.values_list("currency", "rate_list__valid_from"))
    return {(currency, day.isoformat()) for currency, day in entries}

"""Changes on their way into law: change sets with their rows and history, lists of new exchange rates."""

from tariff_changes.models.change_sets import ChangeEvent, ChangeRow, ChangeSet
from tariff_changes.models.exchange_rate_lists import ExchangeRateEntry, ExchangeRateList

__all__ = ["ChangeEvent", "ChangeRow", "ChangeSet", "ExchangeRateEntry", "ExchangeRateList"]

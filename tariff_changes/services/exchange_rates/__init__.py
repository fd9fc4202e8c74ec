"""Exchange rates: read from a file of the central bank or taken by hand, judged, confirmed by a second person."""

from tariff_changes.services.exchange_rates.lists import bring_by_hand, bring_file, confirm, turn_down
from tariff_changes.services.exchange_rates.reading import RateRow, RatesRead, read_rates

__all__ = ["RateRow", "RatesRead", "bring_by_hand", "bring_file", "confirm", "read_rates", "turn_down"]

"""What people type about the tariff, read and judged as far as a form alone can."""

from tariff_lookup.forms.calculation_links import place_of, unpacked, without_item
from tariff_lookup.forms.calculator import MOST_ITEMS, Calculator, calculator, places_of
from tariff_lookup.forms.consignment_item import ItemForm
from tariff_lookup.forms.fields import DayForm, choices_of

__all__ = [
    "MOST_ITEMS",
    "Calculator",
    "DayForm",
    "ItemForm",
    "calculator",
    "choices_of",
    "place_of",
    "places_of",
    "unpacked",
    "without_item",
]

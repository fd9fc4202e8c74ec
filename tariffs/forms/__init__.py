"""What people type about the tariff, read and judged as far as a form alone can."""

from tariffs.forms.calculation_links import place_of, unpacked, without_item
from tariffs.forms.calculator import MOST_ITEMS, Calculator, calculator, places_of
from tariffs.forms.consignment_item import ItemForm
from tariffs.forms.fields import DayField, DayForm, NumberField, choices_of

__all__ = [
    "MOST_ITEMS",
    "Calculator",
    "DayField",
    "DayForm",
    "ItemForm",
    "NumberField",
    "calculator",
    "choices_of",
    "place_of",
    "places_of",
    "unpacked",
    "without_item",
]

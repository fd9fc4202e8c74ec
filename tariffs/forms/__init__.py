"""What people type about the tariff, read and judged as far as a form alone can."""

from tariffs.forms.calculator import MOST_ITEMS, Calculator, calculator, without_item
from tariffs.forms.fields import DayField, DayForm, NumberField, choices_of

__all__ = [
    "MOST_ITEMS",
    "Calculator",
    "DayField",
    "DayForm",
    "NumberField",
    "calculator",
    "choices_of",
    "without_item",
]

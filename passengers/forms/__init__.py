"""What travellers type, question by question. A form saves what can be read; what is missing is told before sending."""

from passengers.forms.questions import (
    BeginForm,
    CarriesForm,
    GoodForm,
    MoneyForm,
    PersonForm,
    ResumeForm,
    TripForm,
    VehicleForm,
)
from passengers.forms.rows import Rows

__all__ = [
    "BeginForm",
    "CarriesForm",
    "GoodForm",
    "MoneyForm",
    "PersonForm",
    "ResumeForm",
    "Rows",
    "TripForm",
    "VehicleForm",
]

"""The questions: trip, people, what is carried, money, goods, vehicle. Codes are kept as codes, names as written."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lib.country_codes import country_of_passport
from lib.figures import plain
from lib.form_fields import CodeTextField, DayField, NumberField
from lib.languages import in_language
from lib.passport_photo import Unread
from lib.pictures import first_bytes
from lib.travel_documents import UnreadableZone, Zone, read_zone
from lib.violations import Rejected
from passengers.forms import choices
from passengers.forms.fields import BirthField, CountryField, NameField
from passengers.lists import Lists
from tariffs.models import Direction, TravelCategory, Way
from tariffs.rates import UNIT_SYMBOLS

Reader = Callable[[bytes], Zone]
PICTURES = {"accept": "image/jpeg,image/png,image/webp"}
DIRECTIONS = [(Direction.ENTRY, _("I enter the country")), (Direction.EXIT, _("I leave the country"))]


def _text(label: Any, limit: int = 100, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, required=False, **more)


def _choice(label: Any, pairs: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=pairs, required=False, **more)


class Question(forms.Form):
    """A form whose cleaned values go into the working copy as plain texts."""

    def kept(self) -> dict[str, Any]:
        return {name: _plain(value) for name, value in self.cleaned_data.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return ""
    return value if isinstance(value, bool | str | int | list) else plain(value)


def in_language_with_unit(row: TravelCategory) -> str:
    """The category's name, with the unit in which it is counted."""
    symbol = UNIT_SYMBOLS.get(row.unit, row.unit)
    return f"{in_language(row)}, {symbol}" if symbol else in_language(row)


class BeginForm(forms.Form):
    """Direction, way and age: what the start page tells the rules for, and what a declaration begins with."""

    direction = forms.ChoiceField(label=_("Direction"), choices=DIRECTIONS)
    way = forms.ChoiceField(label=_("Way of travel"), choices=Way.choices)
    age = forms.IntegerField(label=_("Age"), min_value=0, max_value=130, required=False)


class TripForm(Question):
    direction = forms.ChoiceField(label=_("Direction"), choices=DIRECTIONS, widget=forms.RadioSelect)
    way = forms.ChoiceField(label=_("Way of travel"), choices=Way.choices, widget=forms.RadioSelect)
    post = _choice(_("Where do you cross?"), [])
    day = DayField(label=_("On which day?"), required=False)
    carriage = _text(_("Flight, train or plate"), 30)
    address = _text(_("Address of your stay"), 200)

    def __init__(self, lists: Lists, **options: Any) -> None:
        super().__init__(**options)
        self.fields["country"] = CountryField(lists.countries, label=_("Country you come from or go to"))
        ways = dict(Way.choices)
        groups = [(ways[way], pairs) for way, pairs in lists.posts.items() if pairs]
        self.fields["post"].choices = [choices.NOT_SAID, *groups]  # type: ignore[attr-defined]
        self.order_fields(["direction", "way", "post", "day", "carriage", "country", "address"])


def _fill(cleaned: dict[str, Any], zone: Zone, countries: Mapping[str, str]) -> None:
    """What is empty is filled from the zone; citizenship where it is that of a country of the list."""
    citizenship = country_of_passport(zone.nationality)
    for name, value in (
        ("citizenship", citizenship if citizenship in countries else ""),
        ("family", zone.family_name),
        ("given", zone.given_name),
        ("birth", zone.birth_date),
        ("document", zone.number),
    ):
        if not cleaned.get(name):
            cleaned[name] = value


class PersonForm(Question):
    """A traveller. What the machine-readable zone says fills what is empty; names stay as they were typed."""

    quiet = ("document_kind",)

    family = NameField(label=_("Family name"))
    given = NameField(label=_("Given name"))
    patronymic = NameField(label=_("Patronymic"))
    birth = BirthField(label=_("Date of birth"))
    document_kind = _choice(_("Document"), choices.DOCUMENTS)
    document = _text(_("Document number"), 30)
    relation = _text(_("Travels with the first as (child, wife, colleague)"), 40)
    zone_photo = forms.FileField(
        label=_("Photo of the passport page: it is read and not kept"),
        required=False,
        widget=forms.FileInput(attrs=PICTURES | {"data-unkept": ""}),
    )
    zone = forms.CharField(
        label=_("Or type the lines with « < » below the photo of the passport"),
        required=False,
        max_length=140,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, lists: Lists, *, on: date, reader: Reader | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.on, self.countries, self.reader = on, lists.countries, reader
        if reader is None:
            del self.fields["zone_photo"]
        self.fields["citizenship"] = CountryField(lists.countries, label=_("Citizenship"))
        self.fields["residence"] = CountryField(lists.countries, label=_("Country where you live"))
        self.order_fields(
            [
                "zone_photo",
                "family",
                "given",
                "patronymic",
                "birth",
                "document",
                "document_kind",
                "citizenship",
                "residence",
            ]
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        zone, photo = cleaned.pop("zone", ""), cleaned.pop("zone_photo", None)
        if zone:
            self._fill_from(zone, cleaned)
        if photo and self.reader:
            self._fill_from_photo(photo, cleaned)
        return cleaned

    def _fill_from_photo(self, photo: Any, cleaned: dict[str, Any]) -> None:
        assert self.reader is not None
        try:
            _fill(cleaned, self.reader(first_bytes(photo)), self.countries)
        except Rejected as refused:
            self.add_error("zone_photo", refused.violations[0].sentence)
        except Unread as unread:
            by_hand = gettext("Nothing could be read in this photo. Lay the page flat, with light, or type it by hand.")
            late = gettext("Reading photos takes too long just now. Type it by hand, or try again later.")
            self.add_error("zone_photo", by_hand if unread.why == "nothing" else late)

    def _fill_from(self, text: str, cleaned: dict[str, Any]) -> None:
        try:
            found = read_zone(text, on=self.on)
        except UnreadableZone as wrong:
            sentences = {
                "length": gettext("These are not the two or three lines of a passport or card: signs are missing."),
                "number": gettext("A sign in the number of the document is wrong: type the lines again."),
                "birth_date": gettext("A sign in the date of birth is wrong: type the lines again."),
            }
            self.add_error("zone", sentences.get(wrong.field) or gettext("A sign is wrong: type the lines again."))
            return
        _fill(cleaned, found, self.countries)


class CarriesForm(forms.Form):
    """Which questions follow. Nothing ticked: nothing to declare."""

    carries = forms.MultipleChoiceField(
        label=_("Do you carry any of these?"),
        choices=choices.EXTRA_TOPICS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class MoneyForm(Question):
    quiet = ("kind", "currency", "person", "apart")

    kind = _choice(_("What kind of money"), choices.MONEY_KINDS)
    amount = NumberField(label=_("How much"), required=False)
    instrument = _choice(_("Kind of instrument"), choices.INSTRUMENTS)
    issuer = _text(_("Issuer of the instrument"))
    number = _text(_("Number of the instrument"), 40)
    weight = NumberField(label=_("Weight of gold, g"), required=False)
    origin = _choice(_("Where it comes from"), choices.ORIGINS)
    purpose = _choice(_("What it is for"), choices.PURPOSES)
    owner = _text(_("Owner, if it is not you: name, address, number"), 250)
    recipient = _text(_("Who receives it"), 250)
    via = _text(_("Countries on the way"), 120)
    apart = _choice(_("Where it is"), choices.APART)

    def __init__(self, lists: Lists, **options: Any) -> None:
        super().__init__(**options)
        self.fields["currency"] = _choice(_("Currency"), [(code, code) for code in lists.currencies])
        if len(lists.people) > 1:
            self.fields["person"] = _choice(_("Who carries it"), lists.people)
        self.order_fields(["person", "kind", "amount", "currency"])


class GoodForm(Question):
    """Goods of one topic: what, how much, for what price."""

    quiet = ("currency", "person", "apart", "choice", "key")

    description = _text(_("In your own words"), 120)
    quantity = NumberField(label=_("How much or how many"), required=False)
    strength = NumberField(label=_("Strength, per cent of alcohol"), required=False)
    mass = NumberField(label=_("Weight, kg"), required=False)
    price = NumberField(label=_("Price of all of it"), required=False)
    price_unknown = forms.BooleanField(label=_("I do not know the price"), required=False)
    photo = forms.FileField(label=_("Photograph"), required=False, widget=forms.FileInput(attrs=PICTURES))
    whole = forms.BooleanField(label=_("It is one thing that cannot be divided"), required=False)
    marks = _text(_("Marks, serial number"), 80)
    used = forms.BooleanField(label=_("It is used"), required=False)
    apart = _choice(_("Where it is"), choices.APART)
    pieces = _text(_("Pieces of baggage"), 10)
    expected = DayField(label=_("Expected on"), required=False)
    choice = _choice(_("If something is due"), choices.CHOICES)
    commodity = CodeTextField(label=_("Commodity code"), required=False, max_length=20)
    key = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput)

    def __init__(self, lists: Lists, *, topic: str, **options: Any) -> None:
        super().__init__(**options)
        self.topic = topic
        self.categories = {row.code: row for row in lists.categories if row.topic == topic}
        names = sorted((in_language_with_unit(row), code) for code, row in self.categories.items())
        pairs = [choices.NOT_SAID, *((code, name) for name, code in names)]
        self.fields["category"] = _choice(_("What is it?"), pairs)
        self.fields["currency"] = _choice(_("Currency"), [(code, code) for code in lists.currencies])
        self.fields["person"] = _choice(_("Whose it is"), [("0", _("of all of us")), *lists.people])
        self.fields["bought_in"] = CountryField(lists.countries, label=_("Bought in"))
        if len(lists.people) < 2:
            del self.fields["person"]
        if topic != TravelCategory.Topic.ALCOHOL:
            del self.fields["strength"]
        self.order_fields(
            ["category", "description", "quantity", "strength", "mass", "price", "currency", "price_unknown", "photo",
             "person"]
        )  # fmt: skip

    def kept(self) -> dict[str, Any]:
        row = {name: _plain(value) for name, value in self.cleaned_data.items() if name != "photo"}
        category = self.categories.get(row["category"])
        row["topic"], row["unit"] = self.topic, category.unit if category else ""
        if not row["commodity"] and category:
            row["commodity"] = category.commodity
        return row


class VehicleForm(Question):
    kind = _choice(_("Kind"), choices.VEHICLE_KINDS)
    make = _text(_("Make and model"), 80)
    plate = _text(_("Plate"), 20)
    purpose = _choice(_("What does it come for?"), choices.VEHICLE_PURPOSES)
    vin = _text("VIN", 30)
    first_registration = DayField(label=_("First registered on"), required=False)
    engine = NumberField(label=_("Engine, cm³ or kW"), required=False)
    value = NumberField(label=_("Value"), required=False)

    def __init__(self, lists: Lists, **options: Any) -> None:
        super().__init__(**options)
        self.fields["country"] = CountryField(lists.countries, label=_("Country of the plate"))
        self.fields["currency"] = _choice(_("Currency"), [(code, code) for code in lists.currencies])
        self.order_fields(["kind", "make", "plate", "country", "purpose"])


class ResumeForm(forms.Form):
    """The code and a date of birth of one of the travellers."""

    code = forms.CharField(label=_("Code"), max_length=20)
    birth = BirthField(label=_("Date of birth"), required=True)

"""A question with its forms: built from the working copy or from what was sent, and saved into its part."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from django.http import HttpRequest

from lib.limits import asked_this_minute
from lib.passport_photo import Unread, is_there, read_photo
from lib.pictures import first_bytes
from lib.travel_documents import Zone
from lib.violations import Violation
from passengers import services
from passengers.forms import CarriesForm, GoodForm, MoneyForm, PersonForm, Rows, TripForm, VehicleForm
from passengers.models import TravelDeclaration
from passengers.selectors.lists import lists_for
from passengers.views.steps import TOPICS, title_of
from tariffs.models import Direction, Way

PHOTOS_A_MINUTE = 12
PHONES_KEY = "phones-key"  # of one saving, chosen by the script of the page
# The fields that are shown at once; others lie under "More". A photo of goods is asked for where the price is unknown.
MAIN = {
    "trip": ("post", "day", "carriage"),
    "people": ("family", "given", "birth", "document"),
    "money": ("person", "kind", "amount", "currency"),
    "goods": ("category", "mass", "price", "currency", "price_unknown", "photo"),
}
COUNTED = ("category", "quantity", "strength", *MAIN["goods"][1:])


@dataclass
class Asked:
    """One question. `form` is its form, or `rows` its list of forms; `part` where it is kept."""

    step: str
    part: str
    title: object
    form: Any = None
    rows: Rows | None = None
    refused: Sequence[Violation] = field(default_factory=list)
    posted: bool = False
    countries: Mapping[str, str] = field(default_factory=dict)
    main: Sequence[str] = ()
    key: str = ""
    said: str = ""

    def is_valid(self) -> bool:
        return bool(self.rows.is_valid() if self.rows is not None else self.form.is_valid())

    @property
    def is_wrong(self) -> bool:
        return bool(self.refused) or (self.posted and not self.is_valid())

    @property
    def needs_countries(self) -> bool:
        return self.step != "carries"

    @property
    def is_goods(self) -> bool:
        return self.part == "goods"

    def save(self, declaration: TravelDeclaration, *, at: datetime) -> TravelDeclaration:
        """Keep what was typed, once for each key of the phone. Raises Rejected for a photograph that is none."""
        value: Any
        if self.key and f"{self.part}:{self.key}" in declaration.saved_keys:
            return declaration
        if self.step == "carries":
            value = self.form.cleaned_data["carries"]
        elif self.rows is None:
            value = self.form.kept()
        elif self.is_goods:
            value = self._goods(declaration, at=at)
        else:
            value = [form.kept() for form in self.rows.used()]  # type: ignore[attr-defined]
        return services.save_part(declaration, part=self.part, value=value, at=at, key=self.key)

    def _goods(self, declaration: TravelDeclaration, *, at: datetime) -> list[dict[str, Any]]:
        """The rows of this topic in place of what they were; those of other topics stay."""
        assert self.rows is not None
        before = list(declaration.draft.get("goods", ()))
        photos = {row.get("key"): row.get("photo") for row in before}
        rows = []
        for form in self.rows.used():
            row = form.kept()  # type: ignore[attr-defined]
            row["key"] = row["key"] or uuid.uuid4().hex[:12]
            sent = form.cleaned_data.get("photo")
            if sent:
                photo = services.keep_photo(declaration, name=sent.name, content=first_bytes(sent), at=at)
                row["photo"] = str(photo.public_id)
            elif photos.get(row["key"]):
                row["photo"] = photos[row["key"]]
            rows.append(row)
        return [*(row for row in before if row.get("topic") != self.step), *rows]


def _reader(request: HttpRequest, *, on: date) -> Callable[[bytes], Zone] | None:
    """Reads one photo of a passport in this request, some in a minute; none where nothing is there that could."""
    if not is_there():
        return None
    turns = iter([1])

    def read(content: bytes) -> Zone:
        if next(turns, None) is None or asked_this_minute(request, "travel-zone") > PHOTOS_A_MINUTE:
            raise Unread("late")
        return read_photo(content, on=on)

    return read


def way_said(draft: Mapping[str, Any]) -> str:
    """Direction and way in words, as they were chosen on the start page; empty where they were not."""
    trip = services.read(draft).trip
    said = [name for code, name in (*Direction.choices, *Way.choices) if code in (trip.direction, trip.way)]
    return " · ".join(map(str, said)).capitalize() if len(said) == 2 else ""


def ask(step: str, declaration: TravelDeclaration, *, on: date, request: HttpRequest) -> Asked:
    """The question as it stands, or as it was sent."""
    draft = declaration.draft
    data: Mapping[str, Any] | None = request.POST if request.method == "POST" else None
    lists = lists_for(draft, on=on, step=step)
    more = bool(request.GET.get("more"))
    sent: dict[str, Any] = {"data": data, "prefix": step}
    asked = Asked(
        step,
        "goods" if step in TOPICS else step,
        title_of(step),
        posted=data is not None,
        countries=lists.countries,
        key=request.POST.get(PHONES_KEY, "")[:36],
    )
    asked.main = MAIN.get(asked.part, ())
    make: Any
    if step == "trip":
        asked.said = way_said(draft)
        asked.form = TripForm(lists, initial={"day": on, **draft.get("trip", {})}, **sent)
    elif step == "vehicle":
        initial = draft.get("vehicle") or {"currency": lists.currencies[0]}
        asked.form = VehicleForm(lists, initial=initial, **sent)
    elif step == "carries":
        asked.form = CarriesForm(initial={"carries": draft.get("carries", [])}, **sent)
    else:
        kept = list(draft.get(asked.part, ()))
        if step == "people":
            make = partial(PersonForm, lists, on=on, reader=_reader(request, on=on))
        elif step == "money":
            make = partial(MoneyForm, lists)
        else:
            make = partial(GoodForm, lists, topic=step)
            kept = [row for row in kept if row.get("topic") == step]
            if any(row.unit for row in lists.categories if row.topic == step):
                asked.main = COUNTED
        asked.rows = Rows(make, kept=kept, files=request.FILES, more=more, **sent)
    return asked

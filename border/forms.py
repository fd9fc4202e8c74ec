"""What an officer types or taps at the post, read as far as a form alone can."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from border.models import GoodsAside
from border.selectors import Asked
from lib.figures import plain
from lib.form_fields import DayField, NumberField
from lib.languages import in_language
from tariffs.models import TravelCategory, Way

STANDS = [("", _("here and announced")), ("here", _("here")), ("announced", _("announced")), ("done", _("through"))]


def _short(label: Any, *, length: int = 500, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=required)


class QueueForm(forms.Form):
    """Filters; what cannot be read filters nothing."""

    post = forms.ChoiceField(label=_("Post"), required=False)
    day = DayField(label=_("Day"), required=False)
    stand = forms.ChoiceField(label=_("Who"), choices=STANDS, required=False)
    way = forms.ChoiceField(label=_("Way of travel"), choices=[("", _("any")), *Way.choices], required=False)
    carriage = forms.ChoiceField(label=_("Flight or train"), required=False)
    text = _short(_("Name or document"), length=80)

    def __init__(
        self, data: Mapping[str, Any], *, posts: Mapping[str, str], carriages: Sequence[str] = (), **given: Any
    ) -> None:
        super().__init__(data, **given)
        self.fields["post"] = forms.ChoiceField(label=_("Post"), choices=list(posts.items()), required=False)
        chosen = [("", _("any")), *((each, each) for each in carriages)]
        self.fields["carriage"] = forms.ChoiceField(label=_("Flight or train"), choices=chosen, required=False)

    def asked(self, *, post: str, on: date) -> Asked:
        self.is_valid()
        read = {name: value for name, value in self.cleaned_data.items() if value}
        return Asked(**{"post": post, "day": on, **read})


class FindForm(forms.Form):
    # A text of a QR code may begin and end with spaces.
    text = forms.CharField(label=_("Code, number or text of the QR"), max_length=320, strip=False)


# Acts ---------------------------------------------------------------------------------------------------------
class PostForm(forms.Form):
    """Where the officer stands."""

    post = _short(_("Post"), length=8)


class NoteForm(forms.Form):
    note = _short(_("Remark"))


class ButtonForm(forms.Form):
    """A button alone."""


class GoodsForm(forms.Form):
    """Goods that were ticked, by their keys, and why."""

    keys = forms.MultipleChoiceField(label=_("Goods"), required=False, widget=forms.CheckboxSelectMultiple)
    reason = _short(_("Reason"), required=True)

    def __init__(self, *args: Any, goods: Mapping[str, str], **given: Any) -> None:
        """`goods` by their keys, each in words."""
        super().__init__(*args, **given)
        field = self.fields["keys"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(goods.items())


class AsideForm(GoodsForm):
    kind = forms.ChoiceField(label=_("What happens to them"), choices=GoodsAside.Kind.choices)
    what = _short(_("In words, if not in the list"))
    pieces = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=10_000, initial=1)
    place = _short(_("Where they lie"), length=60)
    field_order = ("kind", "keys", "what", "pieces", "place", "reason")


class CargoForm(GoodsForm):
    office = forms.ChoiceField(label=_("Office of the cargo side"), required=False)
    field_order = ("keys", "office", "reason")

    def __init__(self, *args: Any, offices: Mapping[str, str], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["office"] = forms.ChoiceField(
            label=_("Office of the cargo side"), choices=list(offices.items()), required=False
        )


class EndForm(forms.Form):
    end = forms.ChoiceField(
        label=_("Decision"),
        choices=[choice for choice in GoodsAside.Status.choices if choice[0] != GoodsAside.Status.HELD],
    )
    reason = _short(_("Reason"), required=True)


class DeclarantForm(forms.Form):
    tin = _short(_("TIN of the company that declares"), length=20, required=True)


class BirthDay(DayField):
    """A day of birth: earlier than any other day that people write."""

    def clean(self, value: Any) -> date | None:
        day: date | None = forms.DateField.clean(self, value)
        if day is not None and not 1890 <= day.year <= 2100:
            raise forms.ValidationError(_("The year of this date cannot be right."))
        return day


# The correction -----------------------------------------------------------------------------------------------
class PersonRow(forms.Form):
    family = _short(_("Family name"), length=200)
    given = _short(_("Given name"), length=200)
    birth = BirthDay(label=_("Date of birth"), required=False)
    document = _short(_("Number of the document"), length=30)


class GoodRow(forms.Form):
    """Goods of one kind. An empty row is none; `away` takes one out."""

    category = forms.ChoiceField(label=_("What it is"), required=False)
    description = _short(_("Description"), length=120)
    quantity = NumberField(label=_("Quantity"), required=False)
    mass = NumberField(label=_("Weight, kg"), required=False)
    price = NumberField(label=_("Price of all"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    away = forms.BooleanField(label=_("Not there: take it out"), required=False)


class MoneyRow(forms.Form):
    amount = NumberField(label=_("Sum"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    away = forms.BooleanField(label=_("Not there: take it out"), required=False)


class CorrectionForm(forms.Form):
    """The declaration in rows, each kind with an empty row behind it; what the rows do not show stays as it was."""

    reason = _short(_("Reason of the correction"), required=True)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        draft: Mapping[str, Any],
        categories: Sequence[TravelCategory],
        currencies: Sequence[str],
    ) -> None:
        super().__init__(data)
        self.draft, self.categories = draft, {row.code: row for row in categories}
        picked: dict[str, list[tuple[str, str]]] = {
            "category": [("", "—"), *((row.code, in_language(row)) for row in categories)],
            "currency": [("", "—"), *((code, code) for code in currencies)],
        }
        self.people = [_row(PersonRow, data, "people", place, row, {}) for place, row in self._kept("people", 0)]
        self.goods = [_row(GoodRow, data, "goods", place, row, picked) for place, row in self._kept("goods", 1)]
        self.money = [_row(MoneyRow, data, "money", place, row, picked) for place, row in self._kept("money", 1)]

    def _kept(self, part: str, empty: int) -> list[tuple[int, Mapping[str, Any]]]:
        return list(enumerate([*self.draft.get(part, ()), *({} for _place in range(empty))]))

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in (*self.people, *self.goods, *self.money))])

    def corrected(self) -> dict[str, Any]:
        """The working copy with what was typed in place of what it was."""
        people = [_merged(row, form) for row, form in zip(self.draft.get("people", ()), self.people, strict=True)]
        goods = [self._good(row, form) for row, form in zip(self._rows("goods"), self.goods, strict=True)]
        money = [_cash(row, form) for row, form in zip(self._rows("money"), self.money, strict=True)]
        kept_goods, kept_money = [row for row in goods if row], [row for row in money if row]
        carries = [*self.draft.get("carries", ()), *(row["topic"] for row in kept_goods)]
        carries += ["money"] if kept_money else []
        return {
            **self.draft,
            "people": people,
            "goods": kept_goods,
            "money": kept_money,
            "carries": list(dict.fromkeys(carries)),
        }

    def _rows(self, part: str) -> list[Mapping[str, Any]]:
        return [row for _place, row in self._kept(part, 1)]

    def _good(self, row: Mapping[str, Any], form: forms.Form) -> dict[str, Any] | None:
        read = form.cleaned_data
        category = self.categories.get(read["category"])
        if read["away"] or category is None:
            return None
        merged = _merged(row, form)
        if read["price"] is not None:
            merged["price_unknown"] = False
        if row.get("category") != category.code:
            merged |= {"topic": category.topic, "unit": category.unit, "commodity": category.commodity}
        return {**merged, "key": row.get("key") or uuid.uuid4().hex[:12]}


def _row(
    kind: type[forms.Form], data: Any, part: str, place: int, row: Mapping[str, Any], picked: Mapping[str, Any]
) -> forms.Form:
    made = kind(data, prefix=f"{part}-{place}", initial=dict(row))
    for name, choices in picked.items():
        field = made.fields.get(name)
        if isinstance(field, forms.ChoiceField):
            known = {code for code, _words in choices}
            also = row.get(name)
            field.choices = [*choices, *([(also, also)] if also and also not in known else [])]
    return made


def _merged(row: Mapping[str, Any], form: forms.Form) -> dict[str, Any]:
    """What was typed, as the working copy keeps it, over what was there."""
    return {**row, **{name: _kept_text(value) for name, value in form.cleaned_data.items() if name != "away"}}


def _kept_text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else plain(value) if hasattr(value, "as_tuple") else str(value)


def _cash(row: Mapping[str, Any], form: forms.Form) -> dict[str, Any] | None:
    read = form.cleaned_data
    if read["away"] or read["amount"] is None:
        return None
    return {"person": "1", "kind": "cash", **_merged(row, form)}

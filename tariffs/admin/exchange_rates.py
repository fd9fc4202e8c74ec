"""Exchange rates in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from tariffs.admin.law import PublishedAdmin
from tariffs.models import (
    ExchangeRate,
)
from tariffs.services import reference


class ExchangeRateForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new rate. What the verb refuses is shown beside the field."""

    class Meta:
        model = ExchangeRate
        fields = ("currency", "nominal", "rate", "valid_from", "source")

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        found = dict(super().clean() or self.cleaned_data)
        if not self.errors:
            rate = {name: found[name] for name in ("currency", "nominal", "rate", "valid_from")}
            for violation in reference.exchange_rate_violations(**rate):
                self.add_error(violation.pointer, violation.sentence)
        return found


@admin.register(ExchangeRate)
class ExchangeRateAdmin(PublishedAdmin):
    """New rates are added; one that was published stays."""

    form = ExchangeRateForm
    list_display = ("currency", "nominal", "rate", "valid_from", "valid_to", "source", "is_example")
    list_filter = ("currency", "is_example")
    search_fields = ("currency",)
    date_hierarchy = "valid_from"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("tariffs.add_exchangerate")

    def save_model(self, request: HttpRequest, obj: ExchangeRate, form: ExchangeRateForm, change: bool) -> None:
        fields = {name: form.cleaned_data[name] for name in ("currency", "nominal", "rate", "valid_from", "source")}
        obj.pk = reference.add_exchange_rate(**fields, at=timezone.now()).pk

"""Everyday words of the tariff search in the admin: added, changed, imported and taken out."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from accounts.requests import person
from tariff_lookup.models import Synonym
from tariff_lookup.services import words
from tariffs.admin.code_lists import CodeListAdmin


@admin.register(Synonym)
class SynonymAdmin(CodeListAdmin):
    code_pattern = r"[0-9]{2,11}"
    key = ("term", "language", "code")
    search_fields = ("term", "code")
    list_display = ("term", "language", "code", "kind")
    list_filter = ("language", "kind")
    exclude = ("place",)

    def get_form(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        """Who says no kind adds a word."""
        form = super().get_form(request, obj, **kwargs)
        form.base_fields["kind"].required = False
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ()

    def save_model(self, request: HttpRequest, obj: Model, form: "forms.ModelForm", change: bool) -> None:  # type: ignore[type-arg]
        assert isinstance(obj, Synonym)
        words.keep_synonym(obj, by=person(request))

    def after_import(self, rows: list[int]) -> None:
        words.after_import(rows=rows)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("tariff_lookup.delete_synonym")

    def delete_model(self, request: HttpRequest, obj: Synonym) -> None:
        self.delete_queryset(request, self.get_queryset(request).filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Synonym]) -> None:
        words.drop_synonyms(queryset, by=person(request))

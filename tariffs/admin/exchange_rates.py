"""Exchange rates in the admin: read and exported. New ones come in lists, on a page of their own."""

from django.contrib import admin

from tariffs.admin.law import PublishedAdmin
from tariffs.models import ExchangeRate


@admin.register(ExchangeRate)
class ExchangeRateAdmin(PublishedAdmin):
    list_display = ("currency", "nominal", "rate", "valid_from", "valid_to", "source", "is_example")
    list_filter = ("currency", "is_example")
    search_fields = ("currency",)
    date_hierarchy = "valid_from"

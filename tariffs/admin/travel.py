"""Published law for travellers in the admin: read and exported, changed nowhere by hand."""

from django.contrib import admin

from tariffs.admin.code_lists import NAMES
from tariffs.admin.law import PublishedAdmin
from tariffs.models import (
    CashLimit,
    TravelAllowance,
    TravelCategory,
    TravelPost,
    TravelRequirement,
    TravelTerm,
)

_DAYS = ("is_example", "legal_act", "valid_from", "valid_to")


class TravelAdmin(PublishedAdmin):
    list_select_related = ("legal_act",)
    search_fields = ("code", "name", "name_ru", "name_tg")


@admin.register(TravelCategory)
class TravelCategoryAdmin(TravelAdmin):
    list_display = ("code", "topic", *NAMES, "commodity", "unit", *_DAYS)
    list_filter = ("topic",)


@admin.register(TravelAllowance)
class TravelAllowanceAdmin(TravelAdmin):
    list_display = ("code", "direction", "way", "amount", "unit", "currency", "above", "rate_text", *NAMES, *_DAYS)
    list_filter = ("direction", "way", "above")


@admin.register(CashLimit)
class CashLimitAdmin(TravelAdmin):
    list_display = ("code", "direction", "kind", "duty", "amount", "currency", *NAMES, *_DAYS)


@admin.register(TravelRequirement)
class TravelRequirementAdmin(TravelAdmin):
    list_display = ("code", "direction", "category", "duty", "document", *NAMES, *_DAYS)
    list_filter = ("direction", "duty")


@admin.register(TravelPost)
class TravelPostAdmin(TravelAdmin):
    list_display = ("code", "way", *NAMES, *_DAYS)


@admin.register(TravelTerm)
class TravelTermAdmin(TravelAdmin):
    list_display = ("code", "kind", "origin", "days", *NAMES, *_DAYS)

"""Published interest rates, fees and rules of scans in the admin: read and exported, changed nowhere by hand."""

from django.contrib import admin

from tariffs.admin.code_lists import NAMES
from tariffs.admin.law import PublishedAdmin
from tariffs.models import InterestRate, ScanRule, ServiceFee

_DAYS = ("is_example", "legal_act", "valid_from", "valid_to")


@admin.register(InterestRate)
class InterestRateAdmin(PublishedAdmin):
    list_display = ("code", "percent", "days", "term_days", *NAMES, *_DAYS)
    list_select_related = ("legal_act",)


@admin.register(ScanRule)
class ScanRuleAdmin(PublishedAdmin):
    list_display = ("document_code", "procedure", *_DAYS)
    list_select_related = ("legal_act",)


@admin.register(ServiceFee)
class ServiceFeeAdmin(PublishedAdmin):
    list_display = ("code", "amount", "unit", "free", "for_kg", "least", *NAMES, *_DAYS)
    list_select_related = ("legal_act",)
    search_fields = ("code", "name", "name_ru", "name_tg")

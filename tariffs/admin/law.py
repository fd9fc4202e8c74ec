"""Published law in the admin: read and exported, changed nowhere by hand."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from import_export.admin import ExportMixin
from unfold.admin import ModelAdmin
from unfold.contrib.import_export.forms import ExportForm

from lib.admin_files import TablesByFile
from tariffs.admin.code_lists import NAMES
from tariffs.models import (
    Commodity,
    LegalAct,
    Measure,
    Quota,
    Section,
    Tax,
    Territory,
)


class PublishedAdmin(TablesByFile, ExportMixin, ModelAdmin):  # type: ignore[misc]
    """Published law: read and exported here, changed nowhere by hand."""

    export_form_class = ExportForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Territory)
class TerritoryAdmin(PublishedAdmin):
    list_display = ("code", *NAMES, "currency", "trade_currencies", "commodity_code_length")


@admin.register(LegalAct)
class LegalActAdmin(PublishedAdmin):
    list_display = ("number", "date", "title", "title_ru", "link")
    search_fields = ("number", "title", "title_ru", "title_tg")


@admin.register(Section)
class SectionAdmin(PublishedAdmin):
    list_display = ("roman", *NAMES, "first_chapter", "last_chapter")


@admin.register(Commodity)
class CommodityAdmin(PublishedAdmin):
    list_display = (
        "code",
        "description",
        "description_ru",
        "declarable",
        "supplementary_unit",
        "valid_from",
        "valid_to",
    )
    list_filter = ("declarable",)
    search_fields = ("code__startswith", "description", "description_ru")
    show_full_result_count = False


@admin.register(Tax)
class TaxAdmin(PublishedAdmin):
    list_display = ("sequence", "code", *NAMES, "scope", "flow", "rounding", "legal_act", "valid_from", "valid_to")
    list_select_related = ("legal_act",)


@admin.register(Measure)
class MeasureAdmin(PublishedAdmin):
    list_display = (
        "tax_code", "commodity_prefix", "origin", "document_code", "rate_text", "is_example", "legal_act",
        "valid_from", "valid_to",
    )  # fmt: skip
    list_filter = ("tax_code", "is_example", "additive")
    list_select_related = ("legal_act",)
    search_fields = ("commodity_prefix__startswith", "rate_text")
    show_full_result_count = False


@admin.register(Quota)
class QuotaAdmin(PublishedAdmin):
    list_display = ("number", *NAMES, "volume", "drawn", "unit", "legal_act", "valid_from", "valid_to")
    list_select_related = ("legal_act",)
    search_fields = ("number", "name", "name_ru", "name_tg")

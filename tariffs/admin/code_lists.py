"""Code lists in the admin: edited, imported and exported, never taken from."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Field, Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportModelAdmin
from import_export.resources import ModelResource, modelresource_factory
from import_export.results import Result, RowResult
from tablib import Dataset
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from accounts.models import Office
from accounts.requests import person
from accounts.selectors import table_changes
from lib.admin_files import WIDGETS, TablesByFile
from lib.table_history import written_by
from tariffs.models import (
    CodeListEntry,
    CorrectionRule,
    Country,
    CountryGroup,
    CountryGroupMember,
    Currency,
    DeliveryTerm,
    DocumentType,
    PackageKind,
    Procedure,
    RefundRule,
    TransportMode,
    Unit,
)
from tariffs.services import reference

NAMES = ("name", "name_ru", "name_tg")


class CheckedResource(ModelResource):  # type: ignore[misc]
    """A table from a file: each row is judged as a typed one is; one bad row refuses the whole file."""

    code_pattern: ClassVar[str] = ""
    WIDGETS_MAP: ClassVar[dict[str, Any]] = {**ModelResource.WIDGETS_MAP, **WIDGETS}

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """A list as the UNECE publishes it is taken as it is; what comes in is the work of whoever brings it."""
        reference.with_own_column_names(dataset)
        written_by(kwargs["user"].pk)

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        if self.code_pattern and "code" in row:
            try:
                RegexValidator(f"^(?:{self.code_pattern})$")(str(row["code"] or ""))
            except ValidationError:
                raise ValidationError({"code": str(_("This is not a code of this list."))}) from None


class CodeListAdmin(TablesByFile, ModelAdmin, ImportExportModelAdmin):  # type: ignore[misc]
    """A code list: added to and corrected, never taken from, because declarations carry its codes."""

    import_form_class = ImportForm
    export_form_class = ExportForm
    code_pattern = r"[A-Z0-9]{1,8}"
    key: tuple[str, ...] = ("code",)
    search_fields: tuple[str, ...] = ("code", *NAMES)
    object_history_template = "admin/table_history.html"

    def get_resource_classes(self, request: HttpRequest) -> list[type[ModelResource]]:
        resource = modelresource_factory(
            model=self.model,
            resource_class=type("Checked", (CheckedResource,), {"code_pattern": self.code_pattern}),
            meta_options={
                "import_id_fields": self.key,
                "exclude": ("id",),
                "clean_model_instances": True,
                "skip_unchanged": True,
                "use_transactions": True,
            },
        )
        return [resource]

    def formfield_for_dbfield(self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "code" and self.code_pattern:
            field.validators.append(RegexValidator(f"^(?:{self.code_pattern})$", _("This is not a code of this list.")))
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.key if obj is not None else ()

    def save_model(self, request: HttpRequest, obj: Model, form: "forms.ModelForm", change: bool) -> None:  # type: ignore[type-arg]
        reference.keep(obj, by=person(request))

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        new = [row.object_id for row in result.rows if row.import_type == RowResult.IMPORT_TYPE_NEW]
        self.after_import(new)
        return super().process_result(result, request)  # type: ignore[no-any-return]

    def after_import(self, rows: list[int]) -> None:
        """What has to follow when rows came in by a file; `rows` are the keys of those that are new."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who changed what from what, by form or by file."""
        row = self.get_object(request, unquote(object_id))
        kept = table_changes(row) if row is not None else []
        return super().history_view(request, object_id, {"changes": kept, **(extra_context or {})})  # type: ignore[no-any-return]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Country)
class CountryAdmin(CodeListAdmin):
    code_pattern = "[A-Z]{2}"
    list_display = ("code", *NAMES)


@admin.register(Currency)
class CurrencyAdmin(CodeListAdmin):
    code_pattern = "[A-Z]{3}"
    list_display = ("code", *NAMES, "decimals")


@admin.register(Unit)
class UnitAdmin(CodeListAdmin):
    code_pattern = "[A-Z0-9]{1,4}"
    list_display = ("code", "symbol", *NAMES, "base", "factor")


@admin.register(PackageKind)
class PackageKindAdmin(CodeListAdmin):
    code_pattern = "[A-Z0-9]{1,3}"
    list_display = ("code", *NAMES)


@admin.register(DeliveryTerm)
class DeliveryTermAdmin(CodeListAdmin):
    code_pattern = "[A-Z]{3}"
    list_display = ("code", *NAMES, "includes_freight", "includes_insurance")


@admin.register(TransportMode)
class TransportModeAdmin(CodeListAdmin):
    code_pattern = "[A-Z0-9]{1,3}"
    list_display = ("code", *NAMES)


@admin.register(DocumentType)
class DocumentTypeAdmin(CodeListAdmin):
    code_pattern = "[A-Z0-9]{1,5}"
    list_display = (
        "code", *NAMES, "proves_origin", "is_invoice", "is_transport", "one_consignment", "valid_days",
    )  # fmt: skip
    list_filter = ("proves_origin", "is_invoice", "is_transport", "one_consignment")


@admin.register(CodeListEntry)
class CodeListEntryAdmin(CodeListAdmin):
    key = ("code_list", "code")
    list_display = ("code_list", "code", *NAMES)
    list_filter = ("code_list",)


@admin.register(Procedure)
class ProcedureAdmin(CodeListAdmin):
    code_pattern = "[A-Z0-9]{1,4}"
    key = ("code", "is_national", "valid_from")
    list_display = (
        "code", *NAMES, "is_national", "general_procedure", "suspends", "needs_previous", "draws_stock",
        "opens_account", "term_days", "papers", "valid_to",
    )  # fmt: skip
    list_filter = ("is_national", "suspends", "draws_stock", "opens_account")


@admin.register(CorrectionRule)
class CorrectionRuleAdmin(CodeListAdmin):
    code_pattern = ""
    key = ("moment", "effect", "valid_from")
    search_fields = ("act",)
    list_display = ("moment", "effect", "needs_consent", "days", "act", "valid_from", "valid_to", "is_example")
    list_filter = ("moment", "needs_consent")


@admin.register(RefundRule)
class RefundRuleAdmin(CodeListAdmin):
    code_pattern = ""
    key = ("kind", "valid_from")
    search_fields = ("act",)
    list_display = (
        "kind", "by_correction", "needs_paper", "claim_days", "decide_days", "act", "valid_from", "valid_to",
        "is_example",
    )  # fmt: skip
    list_filter = ("by_correction",)


@admin.register(Office)
class OfficeAdmin(CodeListAdmin):
    list_display = ("code", *NAMES, "is_border", "valid_from", "valid_to")
    list_filter = ("is_border",)


class Members(TabularInline):  # type: ignore[misc]
    model = CountryGroupMember
    extra = 0
    can_delete = False
    autocomplete_fields = ("country",)


@admin.register(CountryGroup)
class CountryGroupAdmin(CodeListAdmin):
    list_display = ("code", *NAMES)
    inlines = (Members,)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        written_by(person(request).pk)
        super().save_formset(request, form, formset, change)

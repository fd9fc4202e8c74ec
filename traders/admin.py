"""Companies in the admin: particulars and standing may be changed, with a history; members and mandates only seen."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from import_export.admin import ExportMixin
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.import_export.forms import ExportForm

from accounts.models import Look
from accounts.requests import person
from accounts.services import note_look
from lib.admin_files import TablesByFile
from traders import services
from traders.models import Company, CompanyEvent, Mandate, Membership


class Seen(TabularInline):  # type: ignore[misc]
    """Rows that verbs write: shown, not edited."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class MembersSeen(Seen):
    model = Membership
    fields = ("user", "right", "valid_from", "valid_to")


class MandatesSeen(Seen):
    model = Mandate
    fk_name = "principal"
    fields = ("agent", "procedures", "valid_from", "valid_to", "revoked_at")


class EventsSeen(Seen):
    model = CompanyEvent
    fields = ("at", "verb", "about", "by")


@admin.register(Company)
class CompanyAdmin(TablesByFile, ExportMixin, ModelAdmin):  # type: ignore[misc]
    export_form_class = ExportForm
    list_display = ("tin", "name", "kind", "standing", "is_active", "registered_at")
    list_filter = ("kind", "standing", "is_active")
    search_fields = ("tin", "name", "name_ru", "name_tg")
    readonly_fields = ("tin", "registered_at", "standing", "decision", "decided_at", "register_entry")
    inlines = (MembersSeen, MandatesSeen, EventsSeen)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever looks for companies by name is written down with the words."""
        if asked := request.GET.get("q", "").strip():
            note_look(Look.What.SEARCH, by=person(request), at=timezone.now(), text=f"{request.path}?q={asked}")
        answer: HttpResponseBase = super().changelist_view(request, *args, **kwargs)
        return answer

    def export_action(self, request: HttpRequest) -> HttpResponseBase:
        """So is whoever takes the table of companies away."""
        if request.method == "POST":
            note_look(Look.What.EXPORT, by=person(request), at=timezone.now(), text=request.path)
        answer: HttpResponseBase = super().export_action(request)
        return answer

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A company is registered by a person who will own it, on the portal's own page."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Company | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Company, form: "ModelForm[Any]", change: bool) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        services.change_company(obj, changes=changes, by=request.user, at=timezone.now())  # type: ignore[arg-type]

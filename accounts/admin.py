"""People and officers' roles in the admin. Roles are given and ended by verbs, never edited."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from axes.utils import reset
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.authtoken.models import TokenProxy
from unfold.admin import ModelAdmin, TabularInline

from accounts import services
from accounts.models import OfficerRole, Role, User
from lib.violations import Rejected

# Secrets and the inner tables of libraries are nobody's to read or edit here.
for hidden in (EmailAddress, Authenticator, TokenProxy, Group, AccessLog, AccessFailureLog):
    if admin.site.is_registered(hidden):
        admin.site.unregister(hidden)
admin.site.unregister(AccessAttempt)


class RolesOfUser(TabularInline):  # type: ignore[misc]
    """The roles a person holds and held; given and ended under “officers' roles”."""

    model = OfficerRole
    extra = 0
    can_delete = False
    fields = ("role", "office", "valid_from", "valid_to")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("email", "full_name", "is_active", "is_staff", "date_joined")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "full_name")
    fields: tuple[str, ...] = (
        "email",
        "full_name",
        "language",
        "time_zone",
        "is_active",
        "is_staff",
        "date_joined",
        "last_login",
    )
    readonly_fields: tuple[str, ...] = ("is_staff", "date_joined", "last_login")
    inlines = (RolesOfUser,)
    actions = ("take_away_second_factor", "unlock")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return self.readonly_fields + (("email",) if obj else ())

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:  # type: ignore[type-arg]
        """A new person sets the password by “forgotten password”."""
        if change:
            super().save_model(request, obj, form, change)
        else:
            obj.pk = services.create_person(email=obj.email, password=None, full_name=obj.full_name).pk

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Remove the second factor (lost phone)"), permissions=["change"])
    def take_away_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            services.take_away_second_factor(user)
            self.log_change(request, user, "second factor taken away")
        messages.success(request, _("Done. Officers set up a new one at the next sign-in."))

    @admin.action(description=gettext_lazy("Lift the pause after wrong passwords"), permissions=["change"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            reset(username=user.email.lower())
            self.log_change(request, user, "sign-in unlocked")
        messages.success(request, _("They may try again."))


@admin.register(OfficerRole)
class OfficerRoleAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("user", "role", "office", "valid_from", "valid_to")
    list_filter = ("role", "office")
    search_fields = ("user__email", "user__full_name")
    list_select_related = ("user", "office")
    autocomplete_fields = ("user", "office")
    fields = ("user", "role", "office")
    actions = ("end_roles",)

    def save_model(self, request: HttpRequest, obj: OfficerRole, form: ModelForm, change: bool) -> None:  # type: ignore[type-arg]
        given = services.give_role(obj.user, role=Role(obj.role), office=obj.office, on=timezone.localdate())
        obj.pk, obj.valid_from = given.pk, given.valid_from

    def has_change_permission(self, request: HttpRequest, obj: OfficerRole | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: OfficerRole | None = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("End these roles now"), permissions=["change"])
    def end_roles(self, request: HttpRequest, queryset: QuerySet[OfficerRole]) -> None:
        on = timezone.localdate()
        for officer_role in queryset.on(on):  # type: ignore[attr-defined]
            try:
                self.log_change(request, officer_role, "role ended")
                services.end_role(officer_role, on=on)
            except Rejected as rejected:
                messages.error(request, rejected.violations[0].sentence)

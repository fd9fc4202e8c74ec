"""People, officers' roles and the log of administrative acts in the admin. Everything here is done by verbs."""

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline

from accounts import services
from accounts.forms import EndingForm, RoleProposalForm, UserForm
from accounts.models import AdministrativeAct, Look, OfficerRole, RoleProposal, User
from accounts.requests import person
from lib.violations import Rejected

# Secrets and the inner tables of libraries are nobody's to read or edit here.
for hidden in (EmailAddress, Authenticator, Group, AccessLog, AccessFailureLog):
    if admin.site.is_registered(hidden):
        admin.site.unregister(hidden)
admin.site.unregister(AccessAttempt)


class Kept:
    """Rows that verbs alone write: seen here, not edited, not deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Of the list its actions, of a row nothing."""
        return obj is None and bool(super().has_change_permission(request, obj))  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def each(request: HttpRequest, rows: QuerySet[Any], verb: Callable[[Any], object], *, done: str) -> None:
    """Do `verb` to every row; say of each refusal why."""
    refused = [sentence for row in rows for sentence in _tried(verb, row)]
    for sentence in refused:
        messages.error(request, sentence)
    if len(refused) < len(rows):
        messages.success(request, done)


def _tried(verb: Callable[[Any], object], row: Model) -> list[str]:
    try:
        verb(row)
    except Rejected as rejected:
        return [f"{row}: {violation.sentence}" for violation in rejected.violations[:1]]
    return []


class RolesOfUser(Kept, TabularInline):  # type: ignore[misc]
    """The roles a person holds and held; given and ended under “officers' roles”."""

    model = OfficerRole
    fk_name = "user"
    extra = 0
    can_delete = False
    fields = ("role", "office", "valid_from", "valid_to", "ended_at", "ended_by", "end_reason")
    readonly_fields = fields


@admin.register(User)
class UserAdmin(ModelAdmin):  # type: ignore[misc]
    form = UserForm
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
    actions = ("take_away_second_factor", "unlock", "invite_again")

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever looks for people by name is written down with the words."""
        if asked := request.GET.get("q", "").strip():
            services.note_look(
                Look.What.SEARCH, by=person(request), at=timezone.now(), text=f"{request.path}?q={asked}"
            )
        answer: HttpResponseBase = super().changelist_view(request, *args, **kwargs)
        return answer

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return self.readonly_fields + (("email",) if obj else ())

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type["ModelForm[Any]"]:
        made: type[Any] = super().get_form(request, obj, change, **kwargs)
        return type(made.__name__, (made,), {"on": timezone.localdate()})

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """One's own particulars are on the page “Profile”; the rest somebody else changes."""
        return obj != request.user and bool(super().has_change_permission(request, obj))

    def save_model(self, request: HttpRequest, obj: User, form: "ModelForm[Any]", change: bool) -> None:
        """A new person is sent a letter with a link, behind which the password is set."""
        by, at = person(request), timezone.now()
        if change:
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            services.change_person(obj, changes=changes, by=by, at=at)
        else:
            names = {"email": obj.email, "full_name": obj.full_name, "language": obj.language}
            obj.pk = services.invite_person(**names, by=by, at=at).pk
            messages.info(request, _("A letter with a link to set a password goes to the address."))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Remove the second factor (lost phone)"), permissions=["change"])
    def take_away_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        by, at = person(request), timezone.now()
        done = _("Done. Officers set up a new one at the next sign-in.")
        each(request, queryset, lambda user: services.take_away_second_factor(user, by=by, at=at), done=done)

    @admin.action(description=gettext_lazy("Lift the pause after wrong passwords"), permissions=["change"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        by, at = person(request), timezone.now()
        each(request, queryset, lambda user: services.unlock_sign_in(user, by=by, at=at), done=_("They may try again."))

    @admin.action(description=gettext_lazy("Send the invitation again"), permissions=["change"])
    def invite_again(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        by, at = person(request), timezone.now()
        done = _("A letter with a link to set a password goes to the address.")
        each(request, queryset, lambda user: services.invite_again(user, by=by, at=at), done=done)


@admin.register(RoleProposal)
class RoleProposalAdmin(Kept, ModelAdmin):  # type: ignore[misc]
    """A role is proposed here by one administrator and given or refused here by another."""

    form = RoleProposalForm
    list_display = ("user", "role", "office", "reason", "proposed_by", "proposed_at", "outcome", "decided_by")
    list_filter = ("outcome", "role", "office")
    search_fields = ("user__email", "user__full_name", "reason")
    list_select_related = ("user", "office", "proposed_by", "decided_by")
    autocomplete_fields = ("user", "office")
    fields = ("user", "role", "office", "reason")
    actions = ("give", "refuse")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(ModelAdmin.has_add_permission(self, request))

    def get_form(
        self, request: HttpRequest, obj: RoleProposal | None = None, change: bool = False, **kwargs: Any
    ) -> type["ModelForm[Any]"]:
        made: type[Any] = super().get_form(request, obj, change, **kwargs)
        now = {"by": request.user, "on": timezone.localdate(), "at": timezone.now()}
        return type(made.__name__, (made,), now)

    def save_model(self, request: HttpRequest, obj: RoleProposal, form: RoleProposalForm, change: bool) -> None:
        assert form.proposal is not None
        obj.pk = form.proposal.pk
        messages.info(request, _("The role waits for another administrator, who gives or refuses it in this list."))

    @admin.action(description=gettext_lazy("Give these roles"), permissions=["change"])
    def give(self, request: HttpRequest, queryset: QuerySet[RoleProposal]) -> None:
        by, on, at = person(request), timezone.localdate(), timezone.now()
        done = _("The roles hold from today.")
        each(request, queryset, lambda row: services.give_proposed_role(row, by=by, on=on, at=at), done=done)

    @admin.action(description=gettext_lazy("Refuse these roles, or take back one's own"), permissions=["change"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[RoleProposal]) -> None:
        by, at = person(request), timezone.now()
        each(
            request,
            queryset,
            lambda row: services.refuse_proposed_role(row, by=by, at=at),
            done=_("Refused. The roles are not given."),
        )


@admin.register(OfficerRole)
class OfficerRoleAdmin(Kept, ModelAdmin):  # type: ignore[misc]
    """Roles that hold and held. To give one: “proposals of roles”."""

    action_form = EndingForm
    list_display = ("user", "role", "office", "valid_from", "valid_to", "ended_at", "ended_by", "end_reason")
    list_filter = ("role", "office")
    search_fields = ("user__email", "user__full_name")
    list_select_related = ("user", "office", "ended_by")
    fields = ("user", "role", "office", "valid_from", "valid_to", "proposal", "ended_at", "ended_by", "end_reason")
    actions = ("end_roles",)

    @admin.action(description=gettext_lazy("End these roles now"), permissions=["change"])
    def end_roles(self, request: HttpRequest, queryset: QuerySet[OfficerRole]) -> None:
        by, on, at = person(request), timezone.localdate(), timezone.now()
        done, reason = _("The roles have ended."), request.POST.get("reason", "")
        each(request, queryset, lambda row: services.end_role(row, reason=reason, by=by, on=on, at=at), done=done)


@admin.register(AdministrativeAct)
class AdministrativeActAdmin(Kept, ModelAdmin):  # type: ignore[misc]
    """Who did what to people, roles and companies, for administrators and auditors."""

    list_display = ("at", "verb", "person", "about", "by")
    list_filter = ("verb",)
    date_hierarchy = "at"
    search_fields = ("person__email", "person__full_name", "by__email", "by__full_name", "about")
    list_select_related = ("person", "by")
    actions = None

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

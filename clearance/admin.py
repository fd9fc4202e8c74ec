"""Persons in the admin, with what binds them to files as traders: no officer acts on such a file."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin import UserAdmin
from accounts.models import User
from clearance.selectors import links_of

admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """The person of `accounts`, seen from the desk that knows the files."""

    fields = (*UserAdmin.fields, "links")
    readonly_fields = (*UserAdmin.readonly_fields, "links")

    @admin.display(description=_("links to companies and files"), empty_value="—")
    def links(self, person: User) -> SafeString | None:
        rows = [(link.sentence, link.since or "", link.until or "") for link in links_of(person)] if person.pk else []
        return format_html_join("", "<p>{}, {} – {}</p>", rows) or None

"""`manage.py migrate`: Django's own, as the owner of the tables, with the application's rights given afterwards."""

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate

from customs_portal.database_roles import as_owner, give_rights


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner() as is_owner:
            super().handle(*args, **options)
            if is_owner and not (options["check_unapplied"] or options["plan"]):
                give_rights(role=settings.APPLICATION_ROLE, password=settings.APPLICATION_PASSWORD)
        if not is_owner and not settings.DEBUG:
            self.stderr.write("DATABASE_OWNER_URL is not set: the application owns its tables (docs/operations.md)")

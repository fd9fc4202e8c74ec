"""`manage.py appoint_administrator EMAIL`: make a person an administrator, as the first ones and after a mishap.

Roles are given by two administrators, so run it for two persons. They set their passwords by “forgotten password” and a
second factor at the first sign-in.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts import services
from accounts.models import Role, User
from accounts.selectors import has_verified
from lib.violations import Rejected


class Command(BaseCommand):
    help = "Make a person an administrator; needed twice, since giving a role takes two."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="full name of a new person")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        on, at = timezone.localdate(), timezone.now()
        try:
            with transaction.atomic():
                user = User.objects.filter(email__iexact=email.strip()).first()
                if user is None or not has_verified(user, user.email):
                    user = services.create_person(email=email, password=None, full_name=name, by=None, at=at)
                services.appoint(user, role=Role.ADMIN, office=None, on=on, at=at)
        except (Rejected, ValidationError) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{user.email} is an administrator")

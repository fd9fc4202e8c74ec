"""`manage issue_token ADDRESS`: a token for a program that acts as this person, for tests and for first steps."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from lib.violations import Rejected
from machines.kinds import Scope
from machines.services import issue_own_token


class Command(BaseCommand):
    help = "Print a token with every scope for the person with this e-mail address. It is printed once."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("address")
        parser.add_argument("--days", type=int, default=30)

    def handle(self, *, address: str, days: int, **options: Any) -> None:
        user = User.objects.filter(email__iexact=address, is_active=True).first()
        if user is None:
            raise CommandError(f"There is nobody with the address {address}.")
        name = f"command line {secrets.token_hex(3)}"
        on, at = timezone.localdate(), timezone.now()
        try:
            _kept, token = issue_own_token(user, name=name, scopes=list(Scope), days=days, on=on, at=at)
        except Rejected as rejected:
            raise CommandError(str(rejected)) from rejected
        self.stdout.write(token)

"""`manage.py verify_books`: reads the whole ledger and names what is wrong; exit status 1 if anything is."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from payments import services


class Command(BaseCommand):
    help = "Check balances, what the bank told, and the hash of each closed day; exit status 1 if a fault is found."

    def handle(self, *args: Any, **options: Any) -> None:
        check = services.check_books_now(clock=timezone.now)
        for fault in check.found:
            self.stdout.write(f"{fault['kind']}  {fault['row']}  {fault['about']}")
        read = f"{check.entries:,} entries, {check.accounts:,} accounts, {check.days:,} closed days"
        self.stdout.write(f"{read}: {check.faults:,} faults")
        if check.faults:
            raise SystemExit(1)

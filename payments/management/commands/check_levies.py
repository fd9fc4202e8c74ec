"""`manage.py check_levies`: every called duty, interest and fee computed anew from what it keeps."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from declarations.models import Levy
from payments import selectors


class Command(BaseCommand):
    help = "Compute every charge after the assessment anew, and name those that come to another sum."

    def handle(self, *args: Any, **options: Any) -> None:
        differing = list(selectors.differing_levies())
        for each in differing:
            self.stdout.write(f"{each.levy.key} ({each.levy.mrn}): {each.levy.amount} is {each.computed}")
        if differing:
            raise CommandError(f"{len(differing)} charges come to another sum")
        self.stdout.write(f"{Levy.objects.count()} charges, each is what it comes to")

"""`manage recompute_charges`: every charge computed once more from what was lodged, and compared to the last diram."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from declarations.services.recomputing import recompute


class Command(BaseCommand):
    help = "Compute every charge once more from the lodged content; exit status 1 if one comes out otherwise."

    def handle(self, *args: Any, **options: Any) -> None:
        number = other = 0
        for found in recompute(at=timezone.now()):
            number += 1
            if found is not None:
                other += 1
                self.stdout.write(f"{found.declaration.mrn} {found.declaration.version}")
                for line in sorted(set(found.stands) ^ set(found.computed), key=str):
                    self.stdout.write(f"  {'booked' if line in found.stands else 'computed'}  {line}")
        self.stdout.write(f"{number:,} declarations recomputed: {other:,} differ")
        if other:
            raise SystemExit(1)

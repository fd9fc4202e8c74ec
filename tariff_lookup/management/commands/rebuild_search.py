"""`manage rebuild_search`: the index of tariff search made again from the nomenclature and the everyday words."""

from typing import Any

from django.core.management.base import BaseCommand

from tariff_lookup.services import index


class Command(BaseCommand):
    """Says how many texts can be found. Searches go on with the index there was until it is done."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"texts that can be found: {index.rebuild()}")

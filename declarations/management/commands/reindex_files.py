"""Make the index of the search anew: after a new edition changed what declarations are found by."""

from typing import Any

from django.core.management.base import BaseCommand

from declarations.services.search_index import reindex


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--after", type=int, default=0, help="go on after this key, as an interrupted run said it")

    def handle(self, *, after: int, **options: Any) -> None:
        while (last := reindex(after=after)) is not None:
            self.stdout.write(f"done up to {last}")
            after = last

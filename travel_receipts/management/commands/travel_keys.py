"""`manage.py travel_keys make|withdraw|show`: the keys under which travellers' receipts are signed (ADR 50).

make                    a new key. The first one signs at once; a later one is public at once and signs after
                        --days (7), so that every phone has heard of it by then. The one before it ends there.
make --days 0           it signs at once: after a key was withdrawn.
withdraw KEY            somebody else may have it: nothing that it signed counts any more.
show                    all keys, and which of their files this machine has.
"""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from travel_receipts import services
from travel_receipts.models import SigningKey
from travel_receipts.selectors import key_file

AHEAD = 7


class Command(BaseCommand):
    help = "Make, withdraw and show the keys that sign travellers' receipts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        make = verbs.add_parser("make")
        make.add_argument("--days", type=int, help=f"in how many days it signs ({AHEAD}; the first key at once)")
        verbs.add_parser("withdraw").add_argument("key")
        verbs.add_parser("show")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        at = timezone.now().replace(microsecond=0)
        if verb == "make":
            days = options["days"]
            if days is None:
                days = AHEAD if SigningKey.objects.filter(withdrawn_at=None).exists() else 0
            services.make_key(signs_from=at + timedelta(days=days), at=at)
        elif verb == "withdraw":
            if not SigningKey.objects.filter(key_id=options["key"]).exists():
                raise CommandError(f"there is no key {options['key']}")
            services.withdraw_key(options["key"], at=at)
        for key in SigningKey.objects.all():
            self.stdout.write(self._line(key))

    def _line(self, key: SigningKey) -> str:
        until = f"{key.signs_until:%Y-%m-%d %H:%M}" if key.signs_until else "further notice"
        gone = f", withdrawn {key.withdrawn_at:%Y-%m-%d %H:%M}" if key.withdrawn_at else ""
        there = "" if key_file(key.key_id).exists() else ", no file here"
        return f"{key.key_id}  signs {key.signs_from:%Y-%m-%d %H:%M} to {until}{gone}{there}"

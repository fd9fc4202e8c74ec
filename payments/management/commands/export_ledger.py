"""`manage.py export_ledger FILE`: the whole ledger for beancount, as it stands at one moment."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from payments.beancount import ledger_text


class Command(BaseCommand):
    help = "Write the whole ledger for the bookkeeping program beancount; then: bean-check FILE"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        one_moment = not connection.in_atomic_block
        with transaction.atomic(), file.open("w", encoding="utf-8") as written:
            if one_moment:
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for line in ledger_text():
                written.write(f"{line}\n")
        self.stdout.write(f"{file}: written")

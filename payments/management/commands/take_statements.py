"""Takes the bank's files from a folder, as a timer may do every few minutes."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lib.violations import Rejected
from payments import services
from payments.models import BankFile

_STILL_WRITTEN_SECONDS = 5


class Command(BaseCommand):
    """What was taken moves to `taken`, what cannot even be kept to `refused`; both lie in the folder itself."""

    help = "Take the bank's statements from a folder (default: STATEMENT_FOLDER); the worker books them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", default=settings.STATEMENT_FOLDER)

    def handle(self, *_arguments: Any, folder: str, **_options: Any) -> None:
        if not folder or not Path(folder).is_dir():
            raise CommandError("Name a folder, or set STATEMENT_FOLDER.")
        now = timezone.now()
        for path in sorted(Path(folder).iterdir()):
            if path.is_symlink() or not path.is_file() or path.name.startswith("."):
                continue
            if now.timestamp() - path.stat().st_mtime < _STILL_WRITTEN_SECONDS:
                self.stdout.write(f"{path.name}: just written, left for the next time")
                continue
            self._take(path)

    def _take(self, path: Path) -> None:
        try:
            with path.open("rb") as content:
                kept, new = services.receive_file(
                    name=path.name, content=content, source=BankFile.Source.FOLDER, by=None, at=timezone.now()
                )
        except Rejected as refused:
            self.stderr.write(f"{path.name}: {refused}")
            _put(path, path.parent / "refused")
            return
        self.stdout.write(f"{path.name}: {'kept' if new else 'came before'} as {kept.public_id}")
        _put(path, path.parent / "taken")


def _put(path: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    os.replace(path, folder / path.name)

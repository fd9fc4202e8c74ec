"""`manage model …`: train, evaluate, propose, activate, retire and list models; check the pipeline on a CSV file."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from lib.proportions import percent_within
from lib.violations import Rejected
from risk import selectors, services
from risk.learning.trees import Unavailable
from risk.models import Model
from risk.selectors import models as reads
from risk.services.check import checked_files


class Command(BaseCommand):
    help = "Train, evaluate, propose, activate, retire and list models; check the pipeline on CSV files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        train = verbs.add_parser("train", help="learn from the last days, here and now")
        train.add_argument("--days", type=int, default=365)
        train.add_argument("--files", type=Path, nargs="+", help="declarations of an earlier system instead")
        train.add_argument("--by", required=True, help="e-mail address of the analyst")
        for verb in ("propose", "activate", "retire", "evaluate"):
            each = verbs.add_parser(verb)
            each.add_argument("number", type=int)
            each.add_argument("--by", required=True, help="e-mail address of the analyst")
            if verb == "evaluate":
                each.add_argument("--days", type=int, default=90)
        verbs.add_parser("list")
        check = verbs.add_parser("check", help="learn from CSV files, measure on their newest three months")
        check.add_argument("files", type=Path, nargs="+")
        check.add_argument("--months", type=int, default=3)
        check.add_argument("--anonymous", action="store_true", help="without importer, seller, declarant and courier")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            verbs = {
                "train": self._train, "propose": self._propose, "activate": self._activate, "retire": self._retire,
                "evaluate": self._evaluate, "list": self._list, "check": self._check,
            }  # fmt: skip
            verbs[options["verb"]](options)
        except (Rejected, OSError, Unavailable) as error:
            raise CommandError(str(error)) from error

    def _train(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        if options["files"]:
            by = _analyst(options["by"], now.date())
            self._tell(services.learn_from_files(options["files"], by=by, at=now))
            return
        asked = services.ask_training(days=options["days"], by=_analyst(options["by"], now.date()), at=now)
        services.run_training(asked.pk, at=now)
        self._tell(reads.model(asked.pk))

    def _propose(self, options: dict[str, Any]) -> None:
        self._moved(services.propose_model, options)

    def _activate(self, options: dict[str, Any]) -> None:
        self._moved(services.activate_model, options)

    def _retire(self, options: dict[str, Any]) -> None:
        self._moved(services.retire_model, options)

    def _moved(self, verb: Any, options: dict[str, Any]) -> None:
        now = timezone.now()
        self._tell(verb(_model(options["number"]), by=_analyst(options["by"], now.date()), at=now))

    def _evaluate(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        by = _analyst(options["by"], now.date())
        event = services.evaluate(_model(options["number"]), days=options["days"], by=by, at=now)
        self._figures("scored files that were examined", event.data)
        for arm, counts in event.data["arms"].items():
            within = percent_within(counts["wrong"], counts["examined"])
            interval = f", {within[0]} % ({within[1]} to {within[2]} %)" if within else ""
            self.stdout.write(f"  {arm}: {counts['wrong']} wrong of {counts['examined']} examined{interval}")
        draws = event.data["draws"]
        self.stdout.write(f"  draws: {draws['differ']} of {draws['files']} do not repeat")

    def _list(self, _options: dict[str, Any]) -> None:
        for each in reads.models()[:50]:
            self._tell(each)

    def _check(self, options: dict[str, Any]) -> None:
        found = checked_files(options["files"], months=options["months"], anonymous=options["anonymous"])
        self.stdout.write(
            f"learnt from {found['learnt']} lines before {found['held_from']}, measured until {found['until']}"
        )
        self._figures("all lines", found["all"])
        self._figures("code and value per kg not seen in training", found["new_price"])
        self._figures("code and net mass not seen in training", found["new_mass"])

    def _figures(self, title: str, found: dict[str, Any]) -> None:
        self.stdout.write(f"{title}: {found['lines']} lines, {found['wrong']} wrong, AUC {found['auc']}")
        for share in ("5", "10"):
            first = found[f"first_{share}"]
            within = percent_within(first["wrong"], first["taken"])
            interval = f" ({within[1]} to {within[2]} %)" if within else ""
            wrong = f"{first['wrong']} of {first['taken']} wrong"
            self.stdout.write(f"  first {share} %: {wrong}, precision {first['precision']}{interval}")

    def _tell(self, model: Model) -> None:
        self.stdout.write(f"{model.pk} {model.status} {model.since} to {model.until} {model.sha256[:12]} {model.fault}")


def _analyst(email: str, on: date) -> User:
    user = User.objects.filter(email__iexact=email).first()
    if user is None or not selectors.is_analyst(user, on=on):
        raise CommandError(f"{email} is no analyst")
    return user


def _model(number: int) -> Model:
    try:
        return reads.model(number)
    except Model.DoesNotExist as missing:
        raise CommandError(f"there is no model {number}") from missing

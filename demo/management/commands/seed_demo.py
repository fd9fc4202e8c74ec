"""`manage.py seed_demo`: the demonstration's people and some 200 declarations. A second run does nothing."""

from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from declarations.models import Declaration
from declarations.services import history_checks
from demo import (
    again,
    at_the_post,
    auditing,
    bank,
    crowding,
    figures,
    guarantees,
    learning,
    leaving,
    messages,
    money_back,
    people,
    selecting,
    stock,
    supervising,
    tariff,
    travellers,
    treasury,
    uploads,
    ways,
)
from demo.filing import Office, counted
from demo.goods import EXPORTS, GOODS, WATCHED, Writer
from oversight.services import DAYS_AT_ONCE, mark_new_days
from tariffs.models import Commodity
from travel_receipts.models import SigningKey
from travel_receipts.services import make_key


class Command(BaseCommand):
    help = "Make the demonstration's people, companies, declarations and tariff changes through the services."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people-alone", action="store_true", help="no declarations, no tariff changes")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("this makes accounts with known passwords: it runs with DEMO=1 alone")
        at, on = timezone.now(), timezone.localdate()
        with translation.override("en"), transaction.atomic():
            if not people.exist():
                people.make_people(on=on, at=at)
            if not SigningKey.objects.exists():
                make_key(signs_from=at, at=at)
            if not options["people_alone"] and not Declaration.objects.exists():
                learning.bring_a_model(at=at)
                with guarantees.short_terms():
                    Office(Writer(national_codes(on=on)), on=on, until=at).open()
                guarantees.keep_guarantees(on=on, at=at)
                supervising.arrange(on=on, at=at)
                selecting.arrange(on=on, at=at)
                messages.tell_everybody(at=at)
                history_checks.anchor_history(on=on - timedelta(days=1), at=at)
                history_checks.ask_check(by=None, at=at)
                self.stdout.write(f"  {counted()}")
                bank.send_statements(on=on, at=at)
            if not options["people_alone"] and not again.exist():
                again.keep(on=on, at=at)
            if not options["people_alone"] and not money_back.exist():
                money_back.pay_back(on=on, at=at)
            if not options["people_alone"] and not ways.exist():
                ways.begin(national_codes(on=on), on=on, at=at)
            if not options["people_alone"] and not crowding.exists():
                crowding.crowd(national_codes(on=on), on=on, at=at)
            if not options["people_alone"] and not auditing.exist():
                auditing.audit(on=on, at=at)
            if not options["people_alone"] and not stock.exist():
                stock.keep_stock(on=on, at=at)
            if not options["people_alone"] and not uploads.exist():
                uploads.upload(on=on, at=at)
            if not options["people_alone"] and not travellers.exist():
                travellers.make_declarations(on=on, at=at)
                at_the_post.stand(on=on, at=at)
            if not options["people_alone"] and not leaving.exist():
                leaving.make_leaving(on=on, at=at)
            if not options["people_alone"] and not tariff.exist():
                tariff.make_change_sets(on=on, at=at)
            if not options["people_alone"] and not treasury.exists():
                treasury.close_days(at=at)
            if not options["people_alone"] and not figures.exist():
                figures.count(on=on, at=at)
            while mark_new_days(at=at) == DAYS_AT_ONCE:
                continue


def national_codes(*, on: date) -> dict[str, tuple[str, str]]:
    """For each code of the goods the national code that is declared, and its supplementary unit.

    A code the loaded nomenclature does not have gives way to the first one of its subheading.
    """
    stocks = [*GOODS.values(), *EXPORTS.values(), *(goods for _firm, goods in WATCHED.values())]
    wanted = {good.code for stock in stocks for good in stock}
    known = {row.code: row.supplementary_unit for row in _declarable({code[:6] for code in wanted}, on=on)}
    chosen = {}
    for code in sorted(wanted):
        near = code if code in known else next((other for other in sorted(known) if other[:6] == code[:6]), None)
        if near is None:
            raise CommandError(f"the loaded nomenclature has no code below {code[:6]}")
        chosen[code] = (near, known[near])
    return chosen


def _declarable(subheadings: Iterable[str], *, on: date) -> list[Commodity]:
    rows = Commodity.objects.on(on).filter(declarable=True)
    return [row for row in rows.only("code", "supplementary_unit") if row.code[:6] in subheadings]

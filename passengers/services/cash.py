"""Cash at the way out: what was declared on entry goes out again, counted once, under the lock of its entry."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from lib.bulk import insert_rows
from lib.violations import refuse
from passengers import selectors
from passengers.calculation import take_out
from passengers.content import read
from passengers.judgement import cash_of, out_of_entry
from passengers.models import CashOut, TravelDeclaration
from passengers.selectors import law as law_of
from passengers.services.history import record
from tariffs.models import Direction


def count_out(locked: TravelDeclaration, *, in_full: bool, by: User, at: datetime) -> None:
    """Put down what a released exit takes of what came in. The caller holds its lock and the transaction.

    Where somebody leaves with no more than goes out by itself, nothing is counted. `in_full` says that all that is
    declared goes out: then it raises Rejected G041 if it is more than came in, or what came in has gone out meanwhile.
    Who leaves something behind takes what is left at the most.
    """
    version = selectors.newest_version(locked)
    content = read(version.content) if version else None
    if version is None or content is None or locked.direction != Direction.EXIT or not content.money:
        return
    entries = selectors.entries_of(selectors.held_by(content))
    list(TravelDeclaration.objects.select_for_update().filter(pk__in=entries).order_by("pk").values_list("pk"))
    held = selectors.held_by(content)
    relying = out_of_entry(content, on=version.law_on, declared=selectors.declared_on_entry(content))
    if in_full and any(relying.values()):
        sentence = _("This is more cash than may leave: more than what is left of that declared on entry. Correct it.")
        raise refuse("G041", "money", sentence)
    tariff = law_of.exchange_law(on=version.law_on)
    rows = {each.row.pk: each.row for each in held}
    for person in relying:
        own = [each.as_fact() for each in held if each.person == person]
        taken = take_out(own, [line for line in cash_of(content) if line.person == person], tariff)
        insert_rows(
            [CashOut(row=rows[key], declaration=locked, amount=amount, by=by, at=at) for key, amount in taken.items()]
        )
        data = {"person": person, "rows": {str(key): str(amount) for key, amount in taken.items()}}
        record(locked, verb="cash_out", by=by, at=at, data=data)

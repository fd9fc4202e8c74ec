"""An act under a key: done once, however often the phone sends it, and answered every time as the first time."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from border.models import TravelAct
from lib.violations import Conflict, Rejected, Violation
from passengers.models import TravelDeclaration

LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered: done, or refused with violations; `again` where it was not the first time it was asked."""

    violations: tuple[Violation, ...]
    sentence: str
    again: bool = False

    @property
    def done(self) -> bool:
        return not self.violations


@transaction.atomic
def once(
    declaration: TravelDeclaration,
    *,
    key: str,
    verb: str,
    sent: Mapping[str, Any],
    by: User,
    at: datetime,
    told_at: datetime | None,
    do: Callable[[], str],
) -> Told:
    """Do `do` unless this key was answered before; its sentence, or its refusal, is the answer for ever.

    Two that come at the same time wait for each other at the key. Raises Conflict L003 where the key was another
    officer's or asked for something else.
    """
    asked = hashlib.sha256(json.dumps([verb, declaration.pk, dict(sent)], sort_keys=True).encode()).hexdigest()
    row = TravelAct(key=key, declaration=declaration, verb=verb, by=by, at=at, told_at=told_at, sent=asked)
    TravelAct.objects.bulk_create([row], ignore_conflicts=True)
    act: TravelAct = TravelAct.objects.select_for_update().get(key=key)
    if act.by_id != by.pk or act.sent != asked:
        sentence = _("This was sent before with something else in it. Open the page again and repeat it.")
        raise Conflict([Violation("L003", "", sentence)])
    if act.answer:
        return _read(act.answer)
    try:
        with transaction.atomic():
            told = Told((), do())
    except Rejected as refused:
        told = Told(tuple(refused.violations), "")
    violations = [fault.as_dict() for fault in told.violations]
    TravelAct.objects.filter(pk=act.pk).update(answer={"violations": violations, "sentence": told.sentence})
    return told


def _read(answer: Mapping[str, Any]) -> Told:
    violations = tuple(Violation(**fault) for fault in answer["violations"])
    return Told(violations, str(answer["sentence"]), again=True)

"""Rules on the change set itself: its day, its emptiness, and whether what it changes still stands as it was chosen."""

from collections import defaultdict

from django.utils.translation import gettext as _

from lib.violations import Violation
from tariff_changes.models import ChangeRow, ChangeSet
from tariff_changes.rules.judged import Action, Case, JudgedRow

AHEAD = (ChangeSet.Status.SUBMITTED, ChangeSet.Status.APPROVED)
SHOWN = 3


def t407_day_has_passed(case: Case) -> list[Violation]:
    """A change set takes effect today at the earliest: law is not changed for the past."""
    if case.change_set.takes_effect >= case.on:
        return []
    sentence = _("The day %(day)s has passed. Give the change set a new day, today or later.")
    return [Violation("T407", "takes_effect", sentence % {"day": case.change_set.takes_effect.isoformat()})]


def t408_empty(case: Case) -> list[Violation]:
    """A change set without rows changes nothing."""
    if case.change_set.rows.exists():
        return []
    return [Violation("T408", "rows", _("The change set holds no rows."))]


def t406_changed_since(case: Case) -> list[Violation]:
    """What is ended or replaced must still stand as it stood when it was chosen."""
    return [fault for judged in case.rows if judged.target is not None for fault in _changed(judged)]


def _changed(judged: JudgedRow) -> list[Violation]:
    if judged.now is None:
        return [judged.fault("T406", "", _("The row is not in the tables any more. Choose it again."))]
    differing = [
        f"{judged.table.label_of(column)}: {judged.seen.get(column, '') or '—'} → {text or '—'}"
        for column, text in judged.now.items()
        if judged.seen.get(column, "") != text
    ]
    if not differing:
        return []
    sentence = _("The row was changed by a publication since it was chosen (%(what)s). Choose it again.")
    return [judged.fault("T406", "", sentence % {"what": "; ".join(differing)})]


def t412_another_set(case: Case) -> list[Violation]:
    """Of two change sets on their way only one may change a row."""
    chosen = {(judged.table.name, judged.target): judged for judged in case.rows if judged.target}
    others = ChangeRow.objects.filter(change_set__status__in=AHEAD).exclude(change_set=case.change_set)
    found: list[Violation] = []
    for table, target, pk, title in others.exclude(target=None).values_list(
        "table", "target", "change_set_id", "change_set__title"
    ):
        if target is not None and (judged := chosen.get((table, target))):
            sentence = _("Change set %(number)d “%(title)s”, which is ahead of this one, changes the same row.")
            found.append(judged.fault("T412", "", sentence % {"number": pk, "title": title}))
    return found


def t415_before_the_day(case: Case) -> list[Violation]:
    """No row begins, and none ends, before the day on which the set takes effect."""
    day = case.change_set.takes_effect
    found: list[Violation] = []
    for judged in case.rows:
        if not judged.table.dated:
            continue
        if judged.creates and judged.starts < day:
            sentence = _("The row begins before the change set takes effect on %(day)s.")
            found.append(judged.fault("T415", "valid_from", sentence % {"day": day.isoformat()}))
        elif judged.action == Action.END and judged.last_day is not None and (day - judged.last_day).days > 1:
            sentence = _("The row ends before the change set takes effect on %(day)s.")
            found.append(judged.fault("T415", "valid_to", sentence % {"day": day.isoformat()}))
    return found


def t416_in_force_today(case: Case) -> list[Violation]:
    """A row that has come into force is ended, not taken out: one that began today can change from tomorrow on."""
    found = []
    for judged in case.rows:
        if judged.takes_out and judged.target_starts is not None and judged.target_starts <= case.on:
            sentence = _("The row is in force since today. It can change from tomorrow on: give the set that day.")
            found.append(judged.fault("T416", "valid_from", sentence))
    return found


def t418_ends_before_it_begins(case: Case) -> list[Violation]:
    """The last day is not before the first, and an end is earlier than the end the row has already."""
    found = []
    for judged in case.rows:
        if not judged.table.dated:
            continue
        if judged.creates and judged.stops is not None and judged.stops < judged.starts:
            found.append(judged.fault("T418", "valid_to", _("The validity ends before it begins.")))
        elif judged.target is not None and judged.now and judged.now["valid_to"]:
            known = judged.now["valid_to"]
            late = judged.last_day is not None and judged.last_day.isoformat() >= known
            if late and judged.action == Action.END:
                found.append(judged.fault("T418", "valid_to", _("The row ends on %(day)s already.") % {"day": known}))
    return found


def t419_twice(case: Case) -> list[Violation]:
    """A legal act has one row: its number stands once."""
    places: dict[str, list[JudgedRow]] = defaultdict(list)
    for judged in case.created("legal_act"):
        places[str(judged.values["number"])].append(judged)
    table = next((rows[0].table for rows in places.values()), None)
    if table is None:
        return []
    standing = set(table.model.objects.filter(number__in=list(places)).values_list("number", flat=True))
    found = []
    for number, rows in places.items():
        new = [judged for judged in rows if judged.action == Action.CREATE]
        for judged in new if number in standing else rows[1:]:
            sentence = _("A legal act with the number “%(number)s” already exists.")
            found.append(judged.fault("T419", "number", sentence % {"number": number}))
    return found


def t451_to_decide(case: Case) -> list[Violation]:
    """A row that was made with a question in it waits for a person's answer."""
    return [judged.fault("T451", "", judged.to_decide) for judged in case.rows if judged.to_decide]

"""Who did what with a change set, and who took part in its content."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tariff_changes.models import ChangeEvent, ChangeSet

VERBS = {
    "begun": _("begun"),
    "described": _("described again"),
    "row_added": _("row added"),
    "row_changed": _("row changed"),
    "row_dropped": _("row dropped"),
    "file_taken": _("rows of a file taken over"),
    "edition_taken": _("new edition of the nomenclature taken over"),
    "submitted": _("submitted"),
    "approved": _("approved"),
    "sent_back": _("sent back"),
    "withdrawn": _("withdrawn"),
    "published": _("published"),
}
# By these verbs a person takes part in the content; whoever did one of them cannot approve it.
EDITS = ("begun", "described", "row_added", "row_changed", "row_dropped", "file_taken", "edition_taken", "submitted")
_RUNS = ("row_added", "row_changed", "row_dropped")


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the timeline; `times` it happened in a row, by the same person."""

    event: ChangeEvent
    times: int = 1


def events_of(change_set: ChangeSet, *, limit: int = 200) -> list[ChangeEvent]:
    """Who did what with the set, the latest first."""
    return list(change_set.events.select_related("by").order_by("-at", "-pk")[:limit])


def verb_of(event: ChangeEvent) -> str:
    """What was done, in the reader's language."""
    return str(VERBS.get(event.verb, event.verb))


def timeline(change_set: ChangeSet) -> list[Happened]:
    """The history of a set, the latest first; a run of the same edits by one person is one line."""
    found: list[Happened] = []
    for event in events_of(change_set):
        last = found[-1] if found else None
        if last and event.verb in _RUNS and (event.verb, event.by_id) == (last.event.verb, last.event.by_id):
            found[-1] = Happened(last.event, last.times + 1)
        else:
            found.append(Happened(event))
    return found


def took_part_in(change_set: ChangeSet, person: User) -> bool:
    """Whether the person made, edited or submitted the set."""
    if person.pk in (change_set.made_by_id, change_set.submitted_by_id):
        return True
    return change_set.events.filter(by=person, verb__in=EDITS).exists()

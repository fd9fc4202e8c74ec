"""What binds a person to a file as a trader. Whoever is bound to it never acts on it as an officer.

A person is bound by working for a party of the file, as its member or through a mandate, at any time since the file
was begun; and by any step made on it as a trader. All versions under one MRN are one file.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import User
from clearance.models import Case
from declarations.models import Declaration, Event
from declarations.selectors import TRADER_STEPS, of_party
from payments.models import Attempt, Entry
from traders.selectors import Tie, ties_of

SHOWN = 20


@dataclass(frozen=True)
class Link:
    """One thing that binds a person: `sentence` says what, the days say from when to when (None: open)."""

    sentence: str
    since: date | None = None
    until: date | None = None


def linked_to(user: User) -> Q:
    """Rows with an `mrn` (files, declarations) to which `user` is bound. The one judge of it."""
    return _by_ties(ties_of(user)) | _by_steps(user)


def is_linked(user: User, case: Case) -> bool:
    """Whether `user` may not act on the file as an officer."""
    return Case.objects.filter(linked_to(user), pk=case.pk).exists()


def links_to(user: User, case: Case) -> list[Link]:
    """What binds `user` to the file, to be read by people; empty for whoever is not bound."""
    this = Case.objects.filter(pk=case.pk)
    found = [_tie_in_words(tie) for tie in ties_of(user) if this.filter(_by_ties([tie])).exists()]
    if this.filter(_by_steps(user)).exists():
        found.append(Link(_("made steps in this file as a trader")))
    return found


def links_of(user: User) -> list[Link]:
    """Everything that binds `user`: companies, and the latest files in which steps were made as a trader."""
    files = Declaration.objects.exclude(mrn="").filter(_by_steps(user)).current().order_by("-pk")[:SHOWN]
    return [
        *(_tie_in_words(tie) for tie in ties_of(user)),
        *(Link(_("steps as a trader in %(mrn)s") % {"mrn": each.mrn}, since=each.tax_date) for each in files),
    ]


def _by_ties(ties: list[Tie]) -> Q:
    if not ties:
        return Q(pk__in=[])
    lasting = of_party([tie.company for tie in ties if tie.until is None])
    for tie in ties:
        if tie.until is not None:
            lasting |= of_party([tie.company]) & Q(created_at__date__lte=tie.until)
    return Q(Exists(Declaration.objects.filter(lasting, mrn=OuterRef("mrn"))))


def _by_steps(user: User) -> Q:
    steps = Event.objects.filter(declaration__mrn=OuterRef("mrn"), by_id=user.pk, verb__in=TRADER_STEPS)
    started = Attempt.objects.filter(declaration__mrn=OuterRef("mrn"), by_id=user.pk)
    booked = Entry.objects.filter(declaration__mrn=OuterRef("mrn"), by_id=user.pk)
    return Q(Exists(steps)) | Q(Exists(started)) | Q(Exists(booked))


def _tie_in_words(tie: Tie) -> Link:
    if tie.agent is None:
        sentence = _("member of %(company)s") % {"company": tie.company}
    else:
        sentence = _("works for %(company)s through %(agent)s") % {"company": tie.company, "agent": tie.agent}
    return Link(sentence, tie.since, tie.until)

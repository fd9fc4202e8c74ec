"""The lists of change sets that officers turn the pages of."""

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tariff_changes.models import ChangeSet
from tariff_changes.selectors.change_sets import change_sets
from tariff_changes.selectors.rights import Rights

SETS_A_PAGE = 30
Status = ChangeSet.Status

SHOWN = {
    "waiting": _("Waiting for approval"),
    "drafts": _("Being prepared"),
    "mine": _("Made by me"),
    "published": _("Published"),
    "withdrawn": _("Withdrawn"),
}
_STATES = {
    "waiting": (Status.SUBMITTED, Status.APPROVED),
    "drafts": (Status.DRAFT,),
    "published": (Status.PUBLISHED,),
    "withdrawn": (Status.WITHDRAWN,),
}


def listed(user: User, show: str) -> QuerySet[ChangeSet]:
    """The change sets of one list, the latest first."""
    if show == "mine":
        return change_sets().filter(Q(made_by=user) | Q(submitted_by=user))
    return change_sets(status=_STATES[show])


def first_list(rights: Rights) -> str:
    """The list that concerns a person most."""
    return "drafts" if rights.make and not rights.approve else "waiting"


def counted(user: User) -> dict[str, int]:
    """How many sets each list holds."""
    return {show: listed(user, show).count() for show in SHOWN}


def page_of(sets: QuerySet[ChangeSet], number: str | None) -> Page[ChangeSet]:
    """One page of a list."""
    return Paginator(sets, SETS_A_PAGE).get_page(number)


def drafts_of(user: User) -> list[ChangeSet]:
    """The drafts a row may be put into, those of the person first."""
    drafts = list(change_sets(status=[Status.DRAFT]))
    return sorted(drafts, key=lambda draft: draft.made_by_id != user.pk)

"""Amendment: a lodged declaration never changes, so a new version under the same MRN takes its place.

Before release by `amend` (a document) or `amend_as_drafted` (a draft that was edited in the form), after release by
`correct` alone: then the goods stay released, and only money is left to be settled.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from declarations.facts import Case
from declarations.models import Declaration, Status
from declarations.selectors import Content, content_of
from declarations.services import quotas, stock
from declarations.services.content import fill, insert, read_document
from declarations.services.drafts import new_draft
from declarations.services.history import lock, lock_for, reason_of
from declarations.services.identity import judge_identity, standing_in
from declarations.services.items import forget_removed
from declarations.services.lodge import accept, judge
from declarations.services.numbering import Number
from declarations.states import transition
from lib.violations import refuse
from tariffs.calculation import Assessment


@transaction.atomic
def amend(
    declaration: Declaration, *, data: Mapping[str, Any], reason: str, by: User, at: datetime, on: date
) -> Declaration:
    """The next version, judged and assessed again by the law of the first one's date; the old one is SUPERSEDED.

    Raises Rejected if it is too late, no reason is given, what identifies the declaration was changed, or a rule is
    violated; then the old version stands. What the old version drew from quotas and stock is given back before the
    new one draws, under one lock, so that nobody comes in between.
    """
    note = reason_of(reason)
    old = _before_release(declaration)
    read = read_document(standing_in(old, data))
    judge_identity(old, read, data)
    new = new_draft(declarant=old.declarant, by=by, at=at, source=Declaration.Source.API, kept=old.kept)
    new.amends, new.trader = old, old.trader
    content = fill(new, read, by=by, at=at)
    new.save(force_insert=True)
    insert(content)
    return _take_place(old, content, note=note, by=by, at=at, on=on)


@transaction.atomic
def amend_as_drafted(draft: Declaration, *, reason: str, by: User | None, at: datetime, on: date) -> Declaration:
    """As `amend`, with the draft of an amendment as the next version; `by` None: nobody declares it, customs decide."""
    assert draft.amends is not None, "only an amendment takes the place of a version"
    note = reason_of(reason)
    old = _before_release(draft.amends)
    return _take_place(old, content_of(_locked_draft(draft)), note=note, by=by, at=at, on=on)


@transaction.atomic
def correct(draft: Declaration, *, reason: str, by: User | None, at: datetime, on: date) -> Declaration:
    """The draft becomes the next version of a declaration whose goods were released; they stay so."""
    assert draft.amends is not None, "only an amendment takes the place of a version"
    note = reason_of(reason)
    old = lock_for(draft.amends.pk, Status.SUPERSEDED, sentence=_too_late())
    assert old.is_past_release, "before release it is amended"
    new = _locked_draft(draft)
    new.stands_as = old.stands_as or old.status
    return _take_place(old, content_of(new), note=note, by=by, at=at, on=on)


def judge_instead(content: Content, *, instead_of: Declaration, today: date) -> tuple[Case, Assessment]:
    """Judge what is to take the place of a version, once that one has given back what it drew. Raises Rejected."""
    as_if_given_back(instead_of, content)
    if instead_of.is_past_release:
        stock.refuse_other_stock(instead_of, content)
    assert instead_of.tax_date is not None, "a lodged declaration has a tax date"
    return judge(content, on=instead_of.tax_date, today=today)


def as_if_given_back(old: Declaration, content: Content) -> None:
    """What the version drew is given back, under the lock under which the new content draws."""
    assert old.tax_date is not None, "a lodged declaration has a tax date"
    quotas.hold(content, on=old.tax_date, instead_of=old)
    stock.hold_instead(content, old=old)
    quotas.give_back(old, at=content.declaration.updated_at)
    stock.give_back(old, by=content.declaration.updated_by, at=content.declaration.updated_at)


def _take_place(
    old: Declaration, content: Content, *, note: str, by: User | None, at: datetime, on: date
) -> Declaration:
    """The written draft becomes the version after `old`. Both are locked."""
    new = content.declaration
    new.updated_at = at
    transition(old, Status.SUPERSEDED, verb="amend", by=by, at=at, note=note)
    case, assessed = judge_instead(content, instead_of=old, today=on)
    new.version = old.version + 1
    accept(case, assessed, number=_same_number(old), at=at, by=by)
    forget_removed(new)
    announce("declaration.amended", new.pk)
    return new


def _before_release(declaration: Declaration) -> Declaration:
    """The version, locked. Raises Rejected if it ended, or its goods were released."""
    old = lock_for(declaration.pk, Status.SUPERSEDED, sentence=_too_late())
    if old.is_past_release:
        raise refuse("S011", "", _("The goods were released. Send a correction instead; see the declaration's page."))
    return old


def _locked_draft(draft: Declaration) -> Declaration:
    new = lock(draft.pk)
    if new.status != Status.DRAFT:
        raise refuse("S024", "", _("This amendment was made already. Nothing was changed."))
    return new


def _too_late() -> str:
    return _("This declaration is {status} and can no longer be amended.")


def _same_number(old: Declaration) -> Number:
    assert old.registration_year is not None
    assert old.registration_number is not None
    return Number(old.registration_year, old.registration_series, old.registration_number, old.mrn)

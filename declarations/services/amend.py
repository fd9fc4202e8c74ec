"""Amendment: a lodged declaration never changes, so a new version under the same MRN takes its place."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from declarations.models import Declaration, Status
from declarations.services import quotas, stock
from declarations.services.content import DocumentRead, fill, insert, read_document
from declarations.services.drafts import new_draft
from declarations.services.history import lock_for, reason_of
from declarations.services.lodge import accept, judge
from declarations.services.numbering import Number
from declarations.states import transition
from lib.violations import Rejected, Violation

UNCHANGED = ("lrn", "declaration_type", "office_code", "declarant_code")
_SAME_FILE = ("mrn", "customs_number")


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
    old = lock_for(
        declaration.pk, Status.SUPERSEDED, sentence=_("This declaration is {status} and can no longer be amended.")
    )
    read = read_document(_standing_in(old, data))
    _judge_identity(old, read, data)
    transition(old, Status.SUPERSEDED, verb="amend", by=by, at=at, note=note)
    new = new_draft(declarant=old.declarant, by=by, at=at, source=old.source, kept=old.kept)
    new.version, new.mrn = old.version + 1, old.mrn
    content = fill(new, read, by=by, at=at)
    assert old.tax_date is not None, "a lodged declaration has a tax date"
    quotas.hold(content, on=old.tax_date, instead_of=old)
    stock.hold_instead(content, old=old)
    quotas.give_back(old, at=at)
    stock.give_back(old, by=by, at=at)
    case, assessed = judge(content, on=old.tax_date, today=on)
    new.save(force_insert=True)
    insert(content)
    accept(case, assessed, number=_same_number(old), at=at, by=by)
    return new


def _standing_in(old: Declaration, data: Mapping[str, Any]) -> dict[str, Any]:
    """The document as it was lodged: what it leaves open of the fields that stand is as it was."""
    standing = (*UNCHANGED, "declarant_name")
    return {**data, **{name: getattr(old, name) for name in standing if not data.get(name)}}


def _judge_identity(old: Declaration, read: DocumentRead, data: Mapping[str, Any]) -> None:
    changed = [name for name in UNCHANGED if read.header.values[name] != getattr(old, name)]
    changed += [name for name in _SAME_FILE if data.get(name) not in (None, "", getattr(old, name))]
    sentence = _("An amendment cannot change this. Cancel the declaration and lodge a new one.")
    if changed:
        raise Rejected([Violation("S014", name, sentence) for name in changed])


def _same_number(old: Declaration) -> Number:
    assert old.registration_year is not None
    assert old.registration_number is not None
    return Number(old.registration_year, old.registration_series, old.registration_number, old.mrn)

"""Guarantees as the treasury keeps them: entered, their terms agreed on by two officers, papers, reminders.

Nothing is ever deleted. An undertaking secures nothing before a second officer has agreed to its terms.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from declarations.models import Declaration
from lib.money import round_money
from lib.received import received
from lib.uploads import SCANS
from lib.violations import Rejected, Violation, refuse
from payments import selectors, states
from payments.models import Account, Guarantee, GuaranteePaper, GuaranteeReminder, GuaranteeTerms
from payments.services.accounts import lock_accounts, open_accounts
from payments.services.limits import give_agreed_limit
from tariffs.selectors import national_currency, territory
from traders.models import Company

_AT_ONCE = 200
_NAME = 200


@dataclass(frozen=True, slots=True)
class Undertaking:
    """What a guarantor's letter says. With an MRN it secures that declaration alone."""

    company: Company
    guarantor: str
    reference: str
    limit: Decimal
    valid_from: date
    valid_to: date
    mrn: str = ""
    reason: str = ""


@transaction.atomic
def enter_guarantee(
    undertaking: Undertaking, *, paper: tuple[str, bytes] | None = None, by: User, at: datetime
) -> Guarantee:
    """Enter a guarantor's undertaking with the scan of its letter (name, content) if there is one; it counts when
    another officer has agreed to its terms.

    Raises Rejected: P025 not an officer of the treasury, P026 something is missing or makes no sense, P027 it is
    entered already, P028 the declaration is not the company's,
    F001 to F004 the scan (see `lib.uploads`).
    """
    _of_treasury(by, at=at)
    if faults := _faults(undertaking):
        raise Rejected(faults)
    guarantor, reference = " ".join(undertaking.guarantor.split()), " ".join(undertaking.reference.split())
    open_accounts(undertaking.company, at=at)
    if Guarantee.objects.filter(guarantor__iexact=guarantor, reference__iexact=reference).exists():
        raise refuse("P027", "reference", _("This undertaking is entered already."))
    account: Account = Account.objects.create(
        company=undertaking.company,
        kind=Account.Kind.GUARANTEE,
        reference=uuid.uuid4().hex,
        currency=territory().currency,
        opened_at=at,
    )
    made: Guarantee = Guarantee.objects.create(
        account=account,
        form=Guarantee.Form.UNDERTAKING,
        scope=Guarantee.Scope.INDIVIDUAL if undertaking.mrn else Guarantee.Scope.GENERAL,
        reference=reference,
        guarantor=guarantor,
        mrn=undertaking.mrn,
        valid_from=undertaking.valid_from,
        by=by,
        at=at,
    )
    reason = undertaking.reason or _("As entered")
    _propose(made, limit=undertaking.limit, valid_to=undertaking.valid_to, reason=reason, by=by, at=at)
    if paper is not None:
        add_guarantee_paper(made, name=paper[0], content=paper[1], by=by, at=at)
    return made


def _faults(undertaking: Undertaking) -> list[Violation]:
    faults = []
    if not undertaking.guarantor.strip():
        faults.append(Violation("P026", "guarantor", _("Name the bank or insurer.")))
    if not undertaking.reference.strip():
        faults.append(Violation("P026", "reference", _("Give the guarantor's reference.")))
    if undertaking.mrn:
        named = Declaration.objects.filter(mrn=undertaking.mrn)
        ids = {pk for pair in named.values_list("trader", "declarant") for pk in pair}
        if undertaking.company.pk not in ids:
            faults.append(Violation("P028", "mrn", _("This company has no declaration with this MRN.")))
    return faults


@transaction.atomic
def propose_terms(
    guarantee: Guarantee, *, limit: Decimal, valid_to: date, reason: str, by: User, at: datetime
) -> GuaranteeTerms:
    """Propose another limit or last day. Raises Rejected: P025, P026, P029 other terms wait already."""
    _of_treasury(by, at=at)
    if guarantee.form != Guarantee.Form.UNDERTAKING:
        raise refuse("P026", "", _("A cash deposit has no terms: it is worth what lies on it."))
    lock_accounts(guarantee.account)
    if guarantee.terms.filter(status=GuaranteeTerms.Status.PROPOSED).exists():
        raise refuse("P029", "", _("Other terms wait for a second officer. They are decided first."))
    if not reason.strip():
        raise refuse("P026", "reason", _("Give the reason."))
    return _propose(guarantee, limit=limit, valid_to=valid_to, reason=reason.strip(), by=by, at=at)


def _propose(
    guarantee: Guarantee, *, limit: Decimal, valid_to: date, reason: str, by: User, at: datetime
) -> GuaranteeTerms:
    if limit < 0 or round_money(limit, national_currency().decimals) != limit:
        raise refuse("P026", "limit", _("Write an amount to the last unit of the national currency."))
    if valid_to < guarantee.valid_from:
        raise refuse("P026", "valid_to", _("It ends before it begins."))
    made: GuaranteeTerms = GuaranteeTerms.objects.create(
        guarantee=guarantee, limit=limit, valid_to=valid_to, reason=reason[:250], by=by, at=at
    )
    return made


@transaction.atomic
def agree_terms(terms: GuaranteeTerms, *, by: User, at: datetime) -> Guarantee:
    """A second officer agrees: limit and last day hold from now on.

    Raises Rejected: P025, P030 the same officer, P031 decided already, P008 more than this limit is in use.
    """
    guarantee = _to_decide(terms, by=by, at=at)
    _decide(terms, GuaranteeTerms.Status.AGREED, decided_by=by, decided_at=at)
    give_agreed_limit(guarantee.account, limit=terms.limit, reason=terms.reason, by=terms.by, at=at, second=by)
    guarantee.valid_to = terms.valid_to
    guarantee.save(update_fields=["valid_to"])
    return guarantee


@transaction.atomic
def refuse_terms(terms: GuaranteeTerms, *, reason: str, by: User, at: datetime) -> Guarantee:
    """A second officer does not agree: nothing changes. Raises Rejected: P025, P026, P030, P031."""
    guarantee = _to_decide(terms, by=by, at=at)
    if not reason.strip():
        raise refuse("P026", "reason", _("Give the reason."))
    _decide(terms, GuaranteeTerms.Status.REFUSED, decided_by=by, decided_at=at, decision=reason.strip()[:250])
    return guarantee


def _to_decide(terms: GuaranteeTerms, *, by: User, at: datetime) -> Guarantee:
    _of_treasury(by, at=at)
    if terms.by_id == by.pk:
        raise refuse("P030", "", _("You proposed these terms. Another officer decides on them."))
    guarantee: Guarantee = Guarantee.objects.select_related("account__company").get(pk=terms.guarantee_id)
    lock_accounts(guarantee.account)
    return guarantee


def _decide(terms: GuaranteeTerms, end: GuaranteeTerms.Status, **decided: object) -> None:
    if not states.decide_terms(terms, end, **decided):
        raise refuse("P031", "", _("These terms were decided meanwhile. Reload the page and read how."))


@transaction.atomic
def add_guarantee_paper(guarantee: Guarantee, *, name: str, content: bytes, by: User, at: datetime) -> GuaranteePaper:
    """A scan of the letter or of its prolongation. Raises Rejected: P025, F001 to F087 (see `lib.received`)."""
    _of_treasury(by, at=at)
    kept = received(name=name, content=content, accepted=SCANS)
    paper = GuaranteePaper(
        guarantee=guarantee,
        name=kept.name[-_NAME:],
        content_type=kept.content_type,
        size=len(kept.content),
        sha256=hashlib.sha256(kept.content).hexdigest(),
        by=by,
        at=at,
    )
    paper.file.save(uuid.uuid4().hex, ContentFile(kept.content), save=False)
    paper.save(force_insert=True)
    return paper


def _of_treasury(user: User, *, at: datetime) -> None:
    if not selectors.treasury_powers(user, on=timezone.localdate(at)).acts:
        raise refuse("P025", "", _("Only an officer of the treasury may do this."))


# Reminders ----------------------------------------------------------------------------------------------------
def remind_of_guarantees(*, at: datetime) -> int:
    """Announce guarantees that hold something and end soon or have expired, once for each last day; how many."""
    on = timezone.localdate(at)
    return sum(_remind(kind, on=on, at=at) for kind in GuaranteeReminder.Kind)


@transaction.atomic
def _remind(kind: GuaranteeReminder.Kind, *, on: date, at: datetime) -> int:
    """The guarantees are locked first: of two who remind at once the second finds it said."""
    rows = selectors.to_remind_of(kind, on=on)[:_AT_ONCE]
    locked = list(Guarantee.objects.select_for_update().filter(pk__in=[row.pk for row in rows]).order_by("pk"))
    said = set(
        GuaranteeReminder.objects.filter(guarantee__in=locked, kind=kind).values_list("guarantee_id", "valid_to")
    )
    fresh = [row for row in locked if (row.pk, row.valid_to) not in said]
    GuaranteeReminder.objects.bulk_create(
        GuaranteeReminder(guarantee=row, kind=kind, valid_to=row.valid_to, at=at) for row in fresh if row.valid_to
    )
    for row in fresh:
        announce(f"guarantee.{kind}", row.pk)
    return len(fresh)

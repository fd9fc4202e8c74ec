"""Corrections: who sees which, what waits for an officer, what stands in the way of one."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from clearance.models import Correction, Examination, Finding
from clearance.selectors.links import linked_to
from clearance.selectors.people import Powers, powers_of
from declarations.models import Declaration, Event, Penalty, Status
from declarations.selectors import PREPARE
from payments.selectors import held_for, paid_by_tax
from tariffs.models import CorrectionRule
from tariffs.selectors import correction_rule
from traders.selectors import companies_of, company_keys_of

Moment, Effect, Kind, State = CorrectionRule.Moment, CorrectionRule.Effect, Correction.Kind, Correction.Status
_RELATED = ("declaration__declarant", "declaration__trader", "draft", "made_by", "sent_by", "answered_by",
            "advised_by", "ended_by")  # fmt: skip


# Who sees what ------------------------------------------------------------------------------------------------
def corrections_visible_to(user: User, *, on: date) -> QuerySet[Correction]:
    """Corrections `user` may see on the day: a draft is its own side's alone, what was sent is for both.

    Members of the declarant see theirs, those of the trader what was sent for it, officers those of their offices.
    """
    companies = company_keys_of(user, on=on)
    sent, ours = ~Q(status=State.DRAFT), Q(kind=Kind.PROPOSAL)
    theirs = Q(declaration__declarant_id__in=companies) & (sent | ~ours)
    theirs |= Q(declaration__trader_id__in=companies) & sent
    may = theirs if companies else Q(pk__in=[])
    rows = Correction.objects.filter(may | powers_of(user, on=on).within() & (sent | ours))
    return rows.select_related(*_RELATED).order_by("-pk")


def correction_for(user: User, key: uuid.UUID, *, on: date) -> Correction:
    """The correction with this draft. Raises Correction.DoesNotExist for whoever may not see it."""
    return corrections_visible_to(user, on=on).get(draft__public_id=key)


def corrections_of(declaration: Declaration, user: User, *, on: date) -> list[Correction]:
    """Those of all versions of the declaration that `user` may see, the newest first."""
    return list(corrections_visible_to(user, on=on).filter(mrn=declaration.mrn)) if declaration.mrn else []


def to_answer(user: User, *, on: date) -> QuerySet[Correction]:
    """Proposals of customs that wait for an answer of a company for which `user` prepares, the oldest first."""
    own = companies_of(user, *PREPARE, on=on)
    rows = Correction.objects.filter(kind=Kind.PROPOSAL, status=State.SENT, declaration__declarant__in=own)
    return rows.select_related(*_RELATED).order_by("sent_at", "pk")


def waiting_corrections(powers: Powers) -> QuerySet[Correction]:
    """What waits for officers of the offices, the oldest first."""
    consent = Q(status__in=(State.SENT, State.DECIDED), needs_consent=True) & ~Q(kind=Kind.PROPOSAL)
    rows = Correction.objects.filter(powers.within(), consent | Q(status=State.CONTESTED))
    return rows.select_related(*_RELATED).order_by("sent_at", "pk")


def contested_fines(powers: Powers) -> QuerySet[Penalty]:
    """Fines that traders contest and no other officer has decided about, the oldest first."""
    if not powers.is_officer:
        return Penalty.objects.none()
    rows = Penalty.objects.filter(status=Penalty.Status.CONTESTED).select_related("declaration", "by", "contested_by")
    if not powers.everywhere:
        rows = rows.filter(declaration__office_code__in=sorted(powers.offices))
    return rows.order_by("contested_at", "pk")


def fines_of(declaration: Declaration) -> list[Penalty]:
    """The fines on all versions of the declaration."""
    rows = Penalty.objects.filter(mrn=declaration.mrn).exclude(mrn="")
    return list(rows.select_related("by", "contested_by", "decided_by", "declaration"))


def fine_by_key(pk: int) -> Penalty:
    """The fine. Raises Penalty.DoesNotExist; who may see it is asked of its declaration."""
    return Penalty.objects.select_related("declaration").get(pk=pk)


def acts_in_office(user: User, office_code: str, *, on: date) -> bool:
    """Whether the officer works on files of the office, of whatever lane."""
    return bool(powers_of(user, on=on).lanes(office_code))


def is_linked_to_number(user: User, mrn: str) -> bool:
    """Whether `user` is bound as a trader to the declaration with this number."""
    return Declaration.objects.filter(linked_to(user), mrn=mrn).exists()


# What stands in the way ---------------------------------------------------------------------------------------
def open_correction(mrn: str) -> Correction | None:
    """The one correction of the declaration that was sent and has not ended."""
    return Correction.objects.open().filter(mrn=mrn).exclude(mrn="").first()


def unsettled(mrn: str) -> QuerySet[Finding]:
    """Discrepancies, on any version, that nothing came of yet."""
    rows = Finding.objects.filter(examination__case__declaration__mrn=mrn, settled=None).exclude(
        code=Finding.Code.CONFORM
    )
    return rows.select_related("examination").order_by("pk")


def is_under_way(mrn: str) -> bool:
    """Whether customs examine the declaration, or have found something that is not settled."""
    begun = Examination.objects.filter(case__declaration__mrn=mrn, finished_at=None)
    return begun.exists() or unsettled(mrn).exists()


# The law ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Ruling:
    """What the law says of a correction: whether it needs consent, and until when it may be asked for (None: ever)."""

    moment: str
    effect: str
    needs_consent: bool
    last_day: date | None
    act: str
    is_example: bool = False

    @property
    def two_officers(self) -> bool:
        return self.needs_consent and self.moment == Moment.AFTER_RELEASE


def moment_of(declaration: Declaration) -> str:
    """How far the declaration has come, as the law counts it."""
    if declaration.is_past_release:
        return Moment.AFTER_RELEASE
    paid = declaration.status == Status.PAID or paid_by_tax(declaration.mrn) or held_for(declaration.mrn)
    return Moment.AFTER_PAYMENT if paid else Moment.BEFORE_PAYMENT


def ruling_on(declaration: Declaration, *, effect: str, on: date) -> Ruling:
    """The dated rule for a correction of the declaration with this effect, sent on the day."""
    moment = moment_of(declaration)
    rule = correction_rule(moment=moment, effect=effect, on=on)
    if rule is None:
        return Ruling(moment, effect, needs_consent=moment == Moment.AFTER_RELEASE, last_day=None, act="")
    last = None if rule.days is None else _counted_from(declaration, moment) + timedelta(days=rule.days)
    return Ruling(moment, effect, rule.needs_consent, last, rule.act, rule.is_example)


def _counted_from(declaration: Declaration, moment: str) -> date:
    """The day of the first lodging, after release that of the release."""
    verb = "release" if moment == Moment.AFTER_RELEASE else "lodge"
    events = Event.objects.filter(declaration__mrn=declaration.mrn, verb=verb).order_by("at", "pk")
    first = events.values_list("at", flat=True).first() or declaration.lodged_at
    assert first is not None, "only what was lodged is corrected"
    return timezone.localdate(first)

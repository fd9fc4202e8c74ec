"""Verbs about a claim to a company: papers for it, and its end by an officer or by the connected register."""

import hashlib
import uuid
from dataclasses import asdict
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import has_verified
from accounts.services import Act, announce, record_act
from lib.received import received
from lib.uploads import SCANS
from lib.violations import Violation, refuse
from traders import register
from traders.models import ClaimPaper, Company, Membership, Right, Standing
from traders.services.record import Verb, lock, record
from traders.states import end_claim

MOST_PAPERS = 30


def not_confirmed() -> Violation:
    """T006: what a claim may not do."""
    return Violation("T006", "", _("The customs service has not yet confirmed this company. It may save drafts."))


@transaction.atomic
def add_paper(company: Company, *, name: str, content: bytes, by: User, at: datetime) -> ClaimPaper:
    """A scanned paper from which an officer may confirm the claim.

    Raises Rejected F001 to F087 (see `lib.received`), T007 the claim is decided, T008 too many papers.
    """
    if lock(company).standing != Standing.CLAIMED:
        raise refuse("T007", "file", _("This is decided already."))
    if company.papers.count() >= MOST_PAPERS:
        raise refuse("T008", "file", _("{most} papers are the most.").format(most=MOST_PAPERS))
    kept = received(name=name, content=content, accepted=SCANS)
    digest, size = hashlib.sha256(kept.content).hexdigest(), len(kept.content)
    paper = ClaimPaper(
        company=company, name=kept.name, content_type=kept.content_type, size=size, sha256=digest, at=at, by=by
    )
    paper.file.save(uuid.uuid4().hex, ContentFile(kept.content), save=False)
    paper.save(force_insert=True)
    record(company, Verb.PAPER_ADDED, about=kept.name, by=by, at=at)
    return paper


@transaction.atomic
def confirm_company(company: Company, *, by: User | None, at: datetime, decision: str = "") -> None:
    """The claim is true: the company may lodge and pay. Other claims to its TIN are refused with it.

    `by` None: the connected register, or a command. Raises Rejected T007 decided already, T009 of one's own company.
    """
    same = list(Company.objects.select_for_update().filter(tin=company.tin).order_by("pk"))
    _not_ones_own(company, by=by)
    if any(other.is_confirmed for other in same) or not end_claim(
        company, Standing.CONFIRMED, decision=decision.strip(), at=at
    ):
        raise refuse("T007", "", _("This is decided already."))
    _tell(company, Verb.CONFIRMED, Act.COMPANY_CONFIRMED, decision=decision, by=by, at=at)
    for other in same:
        if other.pk != company.pk and other.standing == Standing.CLAIMED:
            refuse_company(other, decision=_("Another person has been confirmed for this company."), by=by, at=at)


@transaction.atomic
def refuse_company(company: Company, *, decision: str, by: User | None, at: datetime) -> None:
    """The claim is not true, or not shown. Raises Rejected T007, T009 (see above), T010 no sentence."""
    _not_ones_own(company, by=by)
    if not decision.strip():
        raise refuse("T010", "decision", _("Say in a sentence why, and what the person can do."))
    if not end_claim(company, Standing.REFUSED, decision=decision.strip(), at=at):
        raise refuse("T007", "", _("This is decided already."))
    _tell(company, Verb.REFUSED, Act.COMPANY_REFUSED, decision=decision, by=by, at=at)


@transaction.atomic
def ask_register(company: Company, *, at: datetime) -> None:
    """Keep what the connected register says about the TIN; confirm the claim if it names the claimant as entitled."""
    connected = register.connected()
    if connected is None or company.standing != Standing.CLAIMED:
        return
    entry = connected.look_up(company.tin)
    Company.objects.filter(pk=company.pk).update(register_entry=asdict(entry) if entry else {})
    if entry is None or not entry.active:
        return
    owners = [row.user for row in company.memberships.filter(right=Right.OWNER).select_related("user")]
    if any(has_verified(owner, address) for owner in owners for address in entry.entitled):
        confirm_company(company, by=None, at=at)


def _not_ones_own(company: Company, *, by: User | None) -> None:
    if by is not None and Membership.objects.filter(user=by, company__tin=company.tin).exists():
        raise refuse("T009", "", _("You are or were a member of this company. Let a colleague decide."))


def _tell(company: Company, verb: Verb, act: Act, *, decision: str, by: User | None, at: datetime) -> None:
    """History and log; the owners are told."""
    record(company, verb, about=decision, by=by, at=at)
    record_act(act, about=f"{company} · {decision}" if decision else str(company), by=by, at=at)
    announce("company.decided", company.pk)

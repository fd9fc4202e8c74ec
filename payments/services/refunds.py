"""Verbs on claims of refunds: claimed by a company, decided by two officers, withdrawn. What is granted is credited.

What is declared wrongly is no claim but a correction (clearance), which credits the difference; what is paid too much
goes back by itself. Locks: the declaration, then the bank account, then accounts of the ledger by key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from declarations import services as declarations
from declarations.models import Declaration
from lib.figures import ZERO, plain
from lib.languages import day_text
from lib.violations import Conflict, Violation, refuse
from payments import ledger, selectors, states
from payments.models import Account, BankAccount, Entry, MoneyPaper, PayOut, RefundClaim, RefundLine
from payments.services.accounts import lock_accounts, revenue_accounts
from payments.services.attempts import version_that_counts
from payments.services.money_gate import (
    amount_needed,
    keep_paper,
    lock_bank_account,
    lock_confirmed,
    moved_on,
    needed,
    of_company,
    of_treasury,
    write_event,
)
from payments.services.pay_outs import make_for_company
from tariffs.models import RefundRule
from tariffs.selectors import refund_rules
from traders.models import Company

Status = RefundClaim.Status


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is claimed: on which ground and why; a sum for each tax, or (`amount`) one sum and nothing more."""

    kind: str
    reason: str
    by_tax: Mapping[str, Decimal] = field(default_factory=dict)
    amount: Decimal = ZERO
    pay_to: BankAccount | None = None
    papers: Sequence[tuple[str, bytes]] = ()

    @property
    def total(self) -> Decimal:
        return sum(self.by_tax.values(), ZERO) if self.by_tax else self.amount


@transaction.atomic
def claim_refund(
    declaration: Declaration, *, company: Company, wanted: Wanted, by: User, at: datetime, idempotency_key: str
) -> RefundClaim:
    """Claim back what the company paid for the declaration. The same key again is the same claim.

    Raises Rejected: P101, P104 no reason, P120 no such ground, P121 it is a correction, P122 something is due, P123
    another claim is open, P124 after its term, P125 a paper is needed, P126 more than was paid, P009, P107 an amount,
    P117 the bank account, F001 to F004 a paper.
    """
    of_company(company, by=by, at=at)
    locked = version_that_counts(declaration.pk)
    if found := _known(idempotency_key):
        return found
    on = timezone.localdate(at)
    rule = _rule(wanted.kind, on=on)
    _judge(locked, company, wanted, rule, on=on)
    to = lock_confirmed(wanted.pay_to, company=company) if wanted.pay_to else None
    made: RefundClaim = RefundClaim.objects.create(
        idempotency_key=idempotency_key,
        company=company,
        declaration=locked,
        mrn=locked.mrn,
        kind=wanted.kind,
        act=rule.act,
        amount=wanted.total,
        reason=needed(wanted.reason, pointer="reason", sentence=_("Say why the money is yours.")),
        pay_to=to,
        sent_by=by,
        sent_at=at,
        due=on + timedelta(days=rule.decide_days),
    )
    taxes = wanted.by_tax or dict.fromkeys(selectors.paid_positive(locked.mrn))
    RefundLine.objects.bulk_create(RefundLine(claim=made, tax_code=tax, claimed=taxes[tax]) for tax in sorted(taxes))
    for name, content in wanted.papers:
        keep_paper(name=name, content=content, by=by, at=at, claim=made)
    _tell(made, locked, "claim_refund", "claimed", by=by, at=at, amount=made.amount, note=made.reason)
    announce("refund.claimed", made.pk)
    return made


def _known(key: str) -> RefundClaim | None:
    found: RefundClaim | None = RefundClaim.objects.filter(idempotency_key=key).first()
    return found


def _rule(kind: str, *, on: date) -> RefundRule:
    rule = next((each for each in refund_rules(on=on) if each.kind == kind), None)
    if rule is None:
        raise refuse("P120", "kind", _("The law knows no such ground for a refund."))
    if rule.by_correction:
        sentence = _("This is asked for by correcting the declaration: what is due less is credited then.")
        raise refuse("P121", "kind", sentence)
    return rule


def _judge(declaration: Declaration, company: Company, wanted: Wanted, rule: RefundRule, *, on: date) -> None:
    if selectors.due(declaration) > 0:
        raise refuse("P122", "", _("Something is still due on this declaration. Pay it first."))
    if selectors.open_claim_on(declaration.mrn) is not None:
        raise refuse("P123", "", _("A claim on this declaration is open. It has to end first."))
    last = selectors.last_day_to_claim(declaration.mrn, company, rule)
    if last is not None and on > last:
        raise refuse("P124", "kind", _("This could be claimed until {day}.").format(day=day_text(last)))
    if rule.needs_paper and not wanted.papers:
        raise refuse("P125", "file", _("On this ground a paper is needed: add it to the claim."))
    paid = selectors.paid_positive(declaration.mrn)
    for tax, amount in wanted.by_tax.items():
        amount_needed(amount, pointer=f"taxes.{tax}")
        if amount > paid.get(tax, ZERO):
            sentence = _("No more than {sum} was paid of this tax.")
            raise refuse("P126", f"taxes.{tax}", sentence.format(sum=plain(paid.get(tax, ZERO), least=2)))
    amount_needed(wanted.total)
    mine = min(selectors.paid_by_company(declaration.mrn, company), sum(paid.values(), ZERO))
    if wanted.total > mine:
        sentence = _("This company has paid {sum} for the declaration, no more.")
        raise refuse("P126", "amount", sentence.format(sum=plain(mine, least=2)))


@transaction.atomic
def add_refund_paper(claim: RefundClaim, *, name: str, content: bytes, by: User, at: datetime) -> MoneyPaper:
    """One more paper, while nobody has ended the claim. Raises Rejected: P101, P105, P106, F001 to F004."""
    found = _locked(claim)
    of_company(found.company, by=by, at=at)
    if not found.is_open:
        raise moved_on(found)
    paper = keep_paper(name=name, content=content, by=by, at=at, claim=found)
    write_event("paper", by=by, at=at, note=paper.name, claim=found)
    return paper


@transaction.atomic
def withdraw_refund(claim: RefundClaim, *, by: User, at: datetime) -> RefundClaim:
    """The company takes the claim back before it is decided. Raises Rejected: P101, P105."""
    found = _locked(claim)
    of_company(found.company, by=by, at=at)
    told = {"ended_by": by, "ended_at": at}
    if not found.is_open or not states.move_claim(found, Status.WITHDRAWN, old=Status(found.status), **told):
        raise moved_on(found)
    _tell(found, found.declaration, "withdraw_refund", "withdrawn", by=by, at=at)
    return found


# Officers decide -----------------------------------------------------------------------------------------------
@transaction.atomic
def propose_refund(
    claim: RefundClaim, *, end: str, text: str, granted: Mapping[str, Decimal], by: User, at: datetime
) -> RefundClaim:
    """The first officer decides, with grounds: nothing counts before another one confirms it. `granted`: tax by tax.

    Raises Rejected: P102, P103, P104 no grounds, P105 decided meanwhile, P127 no such end, P128 nothing or too much is
    granted, P107 an amount.
    """
    found = _locked(claim)
    of_treasury(found.company, by=by, at=at)
    if found.status != Status.SENT:
        raise moved_on(found)
    if end not in (Status.GRANTED, Status.REFUSED):
        raise refuse("P127", "end", _("Choose to grant or to refuse."))
    text = needed(text, pointer="text", sentence=_("Give the grounds: the company reads them."))
    shares = _shares(found, granted) if end == Status.GRANTED else {}
    total = sum(shares.values(), ZERO) if shares else None
    told = {"advice": end, "advice_text": text, "granted": total, "advised_by": by, "advised_at": at}
    if not states.move_claim(found, Status.PROPOSED, old=Status.SENT, **told):
        raise moved_on(found)
    for line in found.lines.all():
        RefundLine.objects.filter(pk=line.pk).update(granted=shares.get(line.tax_code, ZERO) if shares else None)
    write_event("proposed", by=by, at=at, note=text, claim=found)
    found.refresh_from_db()
    return found


def _shares(claim: RefundClaim, granted: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What is granted tax by tax: no more than is claimed and was paid."""
    paid = selectors.paid_positive(claim.mrn)
    shares: dict[str, Decimal] = {}
    for line in claim.lines.all():
        amount = granted.get(line.tax_code, ZERO)
        most = min(paid.get(line.tax_code, ZERO), line.claimed if line.claimed is not None else claim.amount)
        if not 0 <= amount <= most:
            sentence = _("Of this tax {sum} can be granted, no more.").format(sum=plain(most, least=2))
            raise refuse("P128", f"granted.{line.tax_code}", sentence)
        if amount:
            amount_needed(amount, pointer=f"granted.{line.tax_code}")
        shares[line.tax_code] = amount
    if not 0 < sum(shares.values(), ZERO) <= claim.amount:
        sentence = _("Grant more than nothing and no more than {sum}, or refuse.")
        raise refuse("P128", "granted", sentence.format(sum=plain(claim.amount, least=2)))
    return shares


@transaction.atomic
def send_back_refund(claim: RefundClaim, *, text: str, by: User, at: datetime) -> RefundClaim:
    """Another officer does not confirm: the first decision falls. Raises Rejected: P102 to P105, P129 the first one."""
    found = _proposed(claim, by=by, at=at)
    text = needed(text, pointer="text", sentence=_("Say why you do not confirm the decision."))
    nothing = {"advice": "", "advice_text": "", "granted": None, "advised_by": None, "advised_at": None}
    if not states.move_claim(found, Status.SENT, old=Status.PROPOSED, **nothing):
        raise moved_on(found)
    RefundLine.objects.filter(claim=found).update(granted=None)
    write_event("sent back", by=by, at=at, note=text, claim=found)
    found.refresh_from_db()
    return found


@transaction.atomic
def confirm_refund(claim: RefundClaim, *, by: User, at: datetime) -> RefundClaim:
    """Another officer confirms: it counts, and what is granted is on the account, or on its way to the bank.

    Raises Rejected: P102, P103, P105 decided meanwhile, P129 it is the first officer; Conflict P130 less is paid now.
    """
    found = _proposed(claim, by=by, at=at)
    end = Status(found.advice)
    entry = _credit(found, by=by, at=at) if end == Status.GRANTED else None
    if not states.move_claim(found, end, old=Status.PROPOSED, ended_by=by, ended_at=at, entry=entry):
        raise moved_on(found)
    verb = "grant_refund" if entry else "refuse_refund"
    _tell(found, found.declaration, verb, str(end), by=by, at=at, amount=found.granted, note=found.advice_text)
    found.refresh_from_db()
    if entry is not None:
        _pay_on(found, entry, by=by, at=at)
    announce("refund.decided", found.pk)
    return found


def _credit(claim: RefundClaim, *, by: User, at: datetime) -> Entry:
    """The opposite entry: out of revenue tax by tax, to the accounts of the company that paid, who paid last first."""
    assert claim.granted is not None, "a grant has its sum"
    if claim.pay_to_id is not None:
        lock_bank_account(claim.pay_to_id)
    shares = {line.tax_code: line.granted for line in claim.lines.all() if line.granted}
    paid = selectors.paid_positive(claim.mrn)
    payers = selectors.payers_to_give_back_to(claim.mrn, claim.granted, company=claim.company)
    if any(amount > paid.get(tax, ZERO) for tax, amount in shares.items()) or sum(payers.values()) != claim.granted:
        sentence = _("Less is paid for this declaration now than is to be granted. Send the decision back.")
        raise Conflict([Violation("P130", "", sentence)])
    lock_accounts(*payers)
    revenue = revenue_accounts(shares, at=at)
    occasion = ledger.Occasion(
        key=f"refund:{claim.pk}", kind=Entry.Kind.CREDIT, text=f"{claim.number} · {claim.mrn}", at=at, by=by,
        declaration=claim.declaration,
    )  # fmt: skip
    taxes = {tax: -amount for tax, amount in shares.items()}
    return ledger.book(occasion, ledger.given_back(payers=payers, revenue=revenue, taxes=taxes))


def _pay_on(claim: RefundClaim, entry: Entry, *, by: User, at: datetime) -> None:
    """Pay out what came to the prepaid account, if the company wished so and its bank account still counts.

    The two officers who decided have decided this too.
    """
    if claim.pay_to is None or claim.pay_to.status != BankAccount.Status.CONFIRMED:
        return
    line = entry.postings.filter(account__company=claim.company, account__kind=Account.Kind.PREPAID).first()
    if line is None:
        return
    prepaid = lock_accounts(line.account)[line.account_id]
    made = make_for_company(
        prepaid, claim.pay_to, amount=line.credit, by=claim.sent_by, at=at, idempotency_key=f"refund:{claim.pk}",
        claim=claim,
    )  # fmt: skip
    states.move_pay_out(made, PayOut.Status.APPROVED, first_by=claim.advised_by, approved_by=by, approved_at=at)
    write_event("approved", by=by, at=at, pay_out=made)


def _proposed(claim: RefundClaim, *, by: User, at: datetime) -> RefundClaim:
    found = _locked(claim)
    of_treasury(found.company, by=by, at=at)
    if found.status != Status.PROPOSED:
        raise moved_on(found)
    if found.advised_by_id == by.pk:
        raise refuse("P129", "", _("You made the first decision. Another officer confirms it."))
    return found


def _locked(claim: RefundClaim) -> RefundClaim:
    """The claim as it is now, the version of its declaration that counts locked."""
    locked = version_that_counts(claim.declaration_id)
    rows = RefundClaim.objects.select_related("company", "pay_to", "sent_by", "advised_by")
    found: RefundClaim = rows.prefetch_related("lines").get(pk=claim.pk)
    found.declaration = locked
    return found


def _tell(
    claim: RefundClaim, declaration: Declaration, verb: str, event: str, *, by: User, at: datetime,
    amount: Decimal | None = None, note: str = "",
) -> None:  # fmt: skip
    """A row in the claim's own history, and one in the declaration's."""
    write_event(event, by=by, at=at, note=note, claim=claim)
    data = {"claim": claim.number} | ({"amount": plain(amount, least=2)} if amount else {})
    declarations.record(declaration, verb=verb, by=by, at=at, note=note, data=data)

"""What comes of a discrepancy beside a correction: a fine, or a reason to close it. It never ends in silence."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from clearance.models import Case, Finding, Outcome
from clearance.services.corrections.gate import of_office, of_trader
from clearance.services.corrections.propose import open_findings
from clearance.services.gate import case_to_settle, needed, of_substance
from clearance.services.release import release_if_clear
from declarations import services as declarations
from declarations.models import Declaration, Penalty
from lib.bulk import insert_rows
from lib.money import round_money
from lib.violations import refuse
from payments.services import give_back
from tariffs.selectors import national_currency


@transaction.atomic
def close_findings(case: Case, *, findings: Sequence[Finding], reason: str, by: User, at: datetime) -> None:
    """Close discrepancies with a reason that says something. Raises Rejected: C001 to C003, C008, C040, C060."""
    found = case_to_settle(case, by=by, at=at)
    settled = open_findings(found.mrn, findings)
    sentence = _("Say in a sentence why nothing comes of the discrepancy.")
    reason = of_substance(reason, pointer="reason", sentence=sentence)
    _settle(settled, Outcome(mrn=found.mrn, how=Outcome.How.CLOSED, reason=reason, by=by, at=at))
    declarations.record(
        found.declaration, verb="close_findings", by=by, at=at, data={"findings": len(settled), "text": reason}
    )
    release_if_clear(found.declaration_id, at=at)


@transaction.atomic
def fine(
    case: Case, *, findings: Sequence[Finding], amount: Decimal, legal_basis: str, text: str, by: User, at: datetime
) -> Penalty:
    """A fine for discrepancies, due like duties from now on. Raises Rejected: C001 to C003, C005, C008, C040, C061."""
    found = case_to_settle(case, by=by, at=at)
    settled = open_findings(found.mrn, findings)
    if amount <= 0 or round_money(amount, national_currency().decimals) != amount:
        raise refuse("C061", "amount", _("Write an amount above zero, to the last unit of the national currency."))
    legal_basis = needed(legal_basis, pointer="legal_basis", sentence=_("Name the act and its article."))
    text = needed(text, pointer="text", sentence=_("Say for what: the trader reads it."))
    made = declarations.fine(found.declaration, amount=amount, legal_basis=legal_basis[:400], text=text, by=by, at=at)
    _settle(settled, Outcome(mrn=found.mrn, how=Outcome.How.FINED, penalty=made, by=by, at=at))
    declarations.record(
        found.declaration, verb="fine", by=by, at=at, note=text, data={"amount": amount, "penalty": made.pk}
    )
    return made


@transaction.atomic
def contest_fine(penalty: Penalty, *, reason: str, by: User, at: datetime) -> Penalty:
    """The trader says why the fine is not owed. It stays due until another officer has decided."""
    declaration = _declaration_of(penalty)
    of_trader(declaration, by=by, at=at)
    reason = needed(reason, pointer="reason", sentence=_("Say why the fine is not owed."))
    declarations.contest_fine(penalty, reason=reason, by=by, at=at)
    declarations.record(declaration, verb="contest_fine", by=by, at=at, note=reason, data={"penalty": penalty.pk})
    return penalty


@transaction.atomic
def uphold_fine(penalty: Penalty, *, text: str, by: User, at: datetime) -> Penalty:
    """Another officer upholds a contested fine."""
    declaration, text = _to_judge(penalty, text, by=by, at=at)
    declarations.uphold_fine(penalty, reason=text, by=by, at=at)
    declarations.record(declaration, verb="uphold_fine", by=by, at=at, note=text, data={"penalty": penalty.pk})
    return penalty


@transaction.atomic
def drop_fine(penalty: Penalty, *, text: str, by: User, at: datetime) -> Penalty:
    """Another officer drops a contested fine: what was paid of it goes back at once."""
    declaration, text = _to_judge(penalty, text, by=by, at=at)
    declarations.drop_fine(penalty, reason=text, by=by, at=at)
    declarations.record(declaration, verb="drop_fine", by=by, at=at, note=text, data={"penalty": penalty.pk})
    give_back(declaration.pk, at=at)
    release_if_clear(declaration.pk, at=at)
    return penalty


def _to_judge(penalty: Penalty, text: str, *, by: User, at: datetime) -> tuple[Declaration, str]:
    declaration = _declaration_of(penalty)
    of_office(declaration, by=by, at=at)
    if penalty.by_id == by.pk:
        raise refuse("C058", "", _("You decided this fine. Another officer judges it."))
    return declaration, needed(text, pointer="text", sentence=_("Give the grounds: the trader reads them."))


def _declaration_of(penalty: Penalty) -> Declaration:
    """The version of the declaration that counts, locked."""
    versions = Declaration.objects.filter(mrn=penalty.mrn).order_by("-version")
    return declarations.lock(versions.values_list("pk", flat=True)[0])


def _settle(findings: Sequence[Finding], like: Outcome) -> None:
    insert_rows(
        [
            Outcome(
                finding=finding, mrn=like.mrn, how=like.how, penalty=like.penalty, reason=like.reason, by=like.by,
                at=like.at,
            )
            for finding in findings
        ]
    )  # fmt: skip

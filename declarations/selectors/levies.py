"""What came after the assessment, said in the reader's language: fines, called duty, interest, fees for services."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Max
from django.utils.translation import gettext as _

from declarations.models import FINE, Declaration, Levy, Penalty
from tariffs.selectors import act_in_words, acts_by_number, code_list, names_beside_taxes
from tariffs.wording import formula_in_words


@dataclass(frozen=True, slots=True)
class Later:
    """A charge that is owed beside the assessment, as a paper says it. A fine has no formula but its reason."""

    code: str
    name: str
    base: Decimal | None
    rate_text: str
    amount: Decimal
    explanation: str
    legal_basis: str
    is_example: bool


def levies_of(declaration: Declaration) -> list[Levy]:
    """What was charged on any version after its assessment, dropped ones too. To be read, not saved."""
    rows = list(
        Levy.objects.filter(mrn=declaration.mrn).exclude(mrn="").select_related("by", "dropped_by", "declaration")
    )
    if not rows:
        return []
    names = names_beside_taxes() | dict(code_list("tax", on=declaration.tax_date) if declaration.tax_date else {})
    acts = acts_by_number({_number(row) for row in rows})
    for row in rows:
        row.tax_name = names.get(row.tax_code) or row.tax_name
        row.formula = formula_in_words(row.formula)
        if act := acts.get(_number(row)):
            row.legal_basis = act_in_words(act)
    return rows


def levy_by_key(pk: int) -> Levy:
    """The charge. Raises Levy.DoesNotExist; who may see it is asked of its declaration."""
    found: Levy = Levy.objects.select_related("declaration").get(pk=pk)
    return found


def owed_later(declaration: Declaration) -> list[Later]:
    """Fines and levies that are owed, in their order."""
    fines = Penalty.objects.filter(mrn=declaration.mrn, status__in=Penalty.OWED).exclude(mrn="")
    found = [
        Later(FINE, _("Fine"), None, "", fine.amount, fine.text, fine.legal_basis, is_example=False) for fine in fines
    ]
    return found + [
        Later(
            row.tax_code, row.tax_name, row.base, row.rate_text, row.amount, row.formula, row.legal_basis,
            row.is_example,
        )
        for row in levies_of(declaration)
        if row.status == Levy.Status.OWED
    ]  # fmt: skip


def last_changed(declaration: Declaration) -> datetime:
    """When the declaration, or what is charged on it later, last changed."""
    fines = Penalty.objects.filter(mrn=declaration.mrn).exclude(mrn="").aggregate(a=Max("at"), b=Max("decided_at"))
    levies = Levy.objects.filter(mrn=declaration.mrn).exclude(mrn="").aggregate(a=Max("at"), b=Max("dropped_at"))
    moments: list[datetime | None] = [declaration.updated_at, *fines.values(), *levies.values()]
    return max(at for at in moments if at)


def _number(levy: Levy) -> str:
    """The act's number: what stands before its title."""
    return levy.legal_basis.partition(" · ")[0]

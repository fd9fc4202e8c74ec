"""For whom a person works: own companies, and clients under a mandate in force. Templates and addresses go by it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat

from accounts.models import User
from declarations.models import Declaration, Template
from traders.models import Company, Right
from traders.selectors import companies_of, mandates_into

PREPARE = (Right.OWNER, Right.PREPARER)
# What was filed from most, then last, stands first.
MOST_USED_TEMPLATES = ("-times_used", F("last_used_at").desc(nulls_last=True), "name", "pk")
TRADER_FIELDS = {"EX": "exporter_code", "TR": "principal_code"}


def trader_field(declaration_type: str) -> str:
    """The box that names the trader: exporter on export, principal on transit, consignee on import."""
    return TRADER_FIELDS.get(declaration_type[:2], "consignee_code")


def declarants_of(user: User, *, on: date) -> list[Company]:
    """Companies for which `user` may prepare declarations on the day."""
    return list(companies_of(user, *PREPARE, on=on))


def served_by(user: User, *, on: date) -> list[Company]:
    """Own companies first, then those that gave one of them a mandate in force on the day; each once."""
    own = declarants_of(user, on=on)
    given = Company.objects.filter(pk__in=mandates_into(companies_of(user, *PREPARE, on=on), on=on).values("principal"))
    return [*own, *(company for company in given.order_by("name", "pk") if company not in own)]


def served_by_draft(user: User, draft: Declaration, *, on: date) -> Company | None:
    """The company whose templates, addresses and habits a draft of `user` draws on; None for an officer's proposal.

    It is the one that the goods are declared for, if `user` serves it; else the one that files.
    """
    if draft.is_template:
        return draft.declarant
    served = served_by(user, on=on)
    tin = getattr(draft, trader_field(draft.declaration_type))
    trader = next((company for company in served if tin and company.tin == tin), None)
    return trader or next((company for company in served if company.pk == draft.declarant_id), None)


def templates_of(user: User, *, on: date) -> QuerySet[Template]:
    """Templates that `user` may use and change: of own companies, and of clients within the procedures of a mandate."""
    own = companies_of(user, *PREPARE, on=on)
    within: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for mandate in mandates_into(own, on=on):
        within[tuple(sorted(mandate.procedures))].append(mandate.principal_id)
    may = Q(company__in=own)
    for procedures, principals in within.items():
        may |= Q(company__in=principals) & (Q(procedure__in=procedures) if procedures else Q())
    rows = Template.objects.annotate(
        procedure=Concat("declaration__declaration_type", Value(""), "declaration__general_procedure")
    )
    return rows.filter(may).select_related("company", "declaration")


def agents_for(user: User, company: Company, *, on: date) -> Sequence[Company]:
    """Those of the user's companies that may file for `company`: itself first, then agents with a mandate."""
    own = declarants_of(user, on=on)
    if company in own:
        return [company, *(agent for agent in _mandated(own, company, on=on) if agent != company)]
    return _mandated(own, company, on=on)


def _mandated(own: Sequence[Company], company: Company, *, on: date) -> list[Company]:
    held = mandates_into(Company.objects.filter(pk__in=[each.pk for each in own]), on=on).filter(principal=company)
    agents = set(held.values_list("agent_id", flat=True))
    return [each for each in own if each.pk in agents]

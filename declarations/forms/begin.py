"""A new declaration: for whom and what for, and all that is known about it before the first question is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from declarations import selectors
from declarations.models import Declaration
from declarations.services import fresh_reference
from tariffs import selectors as tariff
from traders.models import Company
from traders.selectors import principals_of

LAST_USED = (
    "office_code", "declaration_place", "invoice_currency", "delivery_terms_code", "border_mode", "inland_mode",
    "border_office_code", "location_of_goods", "transaction_nature_1", "declarant_representative",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Procedure:
    """Box 1 in its two parts, and the procedure of the items that goes with it as a rule, where the country has it."""

    type: str
    general: str
    extended: str
    label: str | Promise

    @property
    def code(self) -> str:
        return f"{self.type}{self.general}"


PROCEDURES: Mapping[str, Procedure] = {
    procedure.code: procedure
    for procedure in (
        Procedure("IM", "4", "4000", _("Import for home use")),
        Procedure("IM", "7", "7100", _("Entry into a customs warehouse")),
        Procedure("IM", "5", "5300", _("Temporary import")),
        Procedure("IM", "6", "6010", _("Import of goods that come back")),
        Procedure("EX", "1", "1000", _("Export")),
        Procedure("EX", "2", "2300", _("Temporary export")),
        Procedure("EX", "3", "3151", _("Re-export")),
        Procedure("TR", "8", "8000", _("Transit")),
    )
}


def procedures(*, on: date) -> dict[str, Procedure]:
    """What a declaration may begin with: pairs of box 1 that the loaded country has, each with a procedure of its own.

    Where the usual procedure of a pair is not in force, it is the first that needs no earlier declaration, else the
    first; none where the country ties no procedure to the pair.
    """
    rows = list(tariff.procedures(on=on))
    own: dict[str, Procedure] = {}
    for pair, usual in PROCEDURES.items():
        fitting = sorted((row.needs_previous, row.code) for row in rows if row.general_procedure == pair)
        codes = [code for _needs, code in fitting]
        free = any(not row.general_procedure for row in rows)
        if usual.extended in {row.code for row in rows if row.general_procedure in ("", pair)}:
            own[pair] = usual
        elif codes or free or not rows:
            own[pair] = replace(usual, extended=codes[0] if codes else "")
    return own


@dataclass(frozen=True, slots=True)
class Client:
    """`declarant` files for `principal`; the same company where it files for itself."""

    declarant: Company
    principal: Company

    @property
    def key(self) -> str:
        return f"{self.declarant.pk}-{self.principal.pk}"

    @property
    def label(self) -> str:
        if self.declarant == self.principal:
            return str(self.principal)
        return str(_("{principal}, filed by {declarant}")).format(principal=self.principal, declarant=self.declarant)


def clients_of(user: User, *, on: date) -> list[Client]:
    """Own companies first, then those that gave one of them a mandate."""
    own = selectors.declarants_of(user, on=on)
    given = [Client(agent, principal) for agent in own for principal in principals_of(agent, on=on)]
    return [Client(company, company) for company in own] + given


def chosen(companies: Sequence[Company], key: str) -> Company | None:
    """The company with this primary key; without one, the only company there is."""
    if not key and len(companies) == 1:
        return companies[0]
    return next((company for company in companies if str(company.pk) == key), None)


class BeginForm(forms.Form):
    """For whom and what for."""

    client_key = forms.ChoiceField(label=_("Who is the declaration for?"))
    procedure = forms.ChoiceField(
        label=_("What is to be done with the goods?"),
        widget=forms.RadioSelect,
        initial="IM4",
    )

    def __init__(self, *args: Any, clients: Sequence[Client], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._procedures = procedures(on=on)
        self._clients = {client.key: client for client in clients}
        field = self.fields["client_key"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, client.label) for key, client in self._clients.items()]
        offered = self.fields["procedure"]
        assert isinstance(offered, forms.ChoiceField)
        offered.choices = [(code, f"{code} · {row.label}") for code, row in self._procedures.items()]

    def client(self) -> Client:
        return self._clients[self.cleaned_data["client_key"]]

    def chosen_procedure(self) -> Procedure:
        return self._procedures[self.cleaned_data["procedure"]]


def last_like(user: User, client: Client, procedure: Procedure, *, on: date) -> Declaration | None:
    """The newest declaration of the same declarant and type, whose habits are carried on."""
    mine = selectors.visible_to(user, on=on).filter(declarant=client.declarant)
    return mine.filter(declaration_type=procedure.type).first() or mine.first()


def known(client: Client, procedure: Procedure, *, last: Declaration | None, on: date) -> dict[str, Any]:
    """All that can be filled in before the first question, as canonical JSON."""
    home = tariff.territory().code
    party = "exporter" if procedure.type == "EX" else "consignee"
    return {
        "declaration_type": procedure.type,
        "general_procedure": procedure.general,
        "lrn": fresh_reference(on),
        "declaration_date": on.isoformat(),
        "export_country" if procedure.type == "EX" else "destination_country": home,
        f"{party}_code": client.principal.tin,
        f"{party}_name": "\n".join(part for part in (client.principal.name, client.principal.address) if part),
        "working_mode": "0",
        "items": [{"extended_procedure": procedure.extended, "valuation_method": "1", "documents": []}],
        **{name: getattr(last, name) for name in LAST_USED if last is not None and getattr(last, name)},
    }

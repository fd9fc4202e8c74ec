"""A new declaration: for whom and what for, and all that is known about it before the first question is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from declarations import selectors
from declarations.models import Declaration, StockAccount
from declarations.services import fresh_reference
from lib.figures import plain
from lib.languages import day_text
from tariffs import selectors as tariff
from tariffs.models import Procedure as TariffProcedure
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


def client_for(user: User, account: StockAccount, *, on: date) -> Client | None:
    """For whom goods of the account are declared: its company; itself if the user prepares there, else an agent."""
    fitting = [client for client in clients_of(user, on=on) if client.principal.pk == account.company_id]
    return next((client for client in fitting if client.declarant.pk == account.company_id), next(iter(fitting), None))


def stock_in_words(account: StockAccount) -> str:
    """What an account holds, in a line of a list: goods, what is left, and until when."""
    left = str(_("{number} kg left")).format(number=plain(account.net_mass_left)) if account.net_mass else ""
    due = str(_("until {day}")).format(day=day_text(account.due)) if account.due else ""
    parts = (account.commodity_code, account.description[:60], left, due, str(account.company))
    return " · ".join(part for part in parts if part)


def drawn_on(account: StockAccount, client: Client, chosen: TariffProcedure, *, on: date) -> dict[str, Any]:
    """A declaration that takes everything out of the account: its item, and box 40 that names it, as canonical JSON.

    How much is written off is left open: it is what the item says, whatever it is changed to.
    """
    item = account.item
    goods = {
        "commodity_code": account.commodity_code,
        "commercial_description": account.description,
        "origin_country": account.origin_country,
        "extended_procedure": chosen.code,
        "packages_number": _written(account.packages_left),
        "packages_kind": item.packages_kind if item else "",
        "packages_marks": item.packages_marks if item else "",
        "net_mass": _written(account.net_mass_left),
        "supplementary_unit_1": account.supplementary_unit,
        "supplementary_quantity_1": _written(account.supplementary_quantity_left),
        "valuation_method": "1",
        "documents": [],
    }
    row = {
        "office_code": account.office_code, "year": str(account.year), "serial": account.series,
        "number": str(account.number), "item_number": str(account.item_number), "current_item": "1",
        "commodity_code": account.commodity_code, "origin_country": account.origin_country,
        "packages": _written(account.packages_left), "mass": _written(account.net_mass_left),
        "supplementary_quantity": _written(account.supplementary_quantity_left), "value": _written(account.value_left),
    }  # fmt: skip
    pair = chosen.general_procedure
    fresh = known(client, Procedure(pair[:2], pair[2:], chosen.code, ""), last=None, on=on)
    filled = [{name: text for name, text in each.items() if text != ""} for each in (goods, row)]
    return {**fresh, "items": [filled[0]], "previous": [filled[1]]}


def _written(quantity: Decimal) -> str:
    return plain(quantity) if quantity else ""


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

"""Whose data stand behind an address: each door that takes a key of somebody's is found here by its route.

A door that no rule knows is written down all the same, by its address alone; a test asks for a rule for each.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import OfficerRole, RoleProposal, User
from border.models import CargoHandover, GoodsAside
from clearance.models import Audit, CompanyAudit
from declarations.models import (
    Declaration,
    ExtensionPaper,
    FileView,
    Levy,
    Penalty,
    Status,
    StockAccount,
    StockWriteOff,
    StoredFile,
    TermExtension,
    Upload,
)
from declarations.selectors import of_number
from passengers.models import PassengerView, TravelDeclaration, Traveller, VehicleStay
from payments.models import (
    Account,
    Attempt,
    BankAccount,
    DeferredStatement,
    Guarantee,
    LimitChange,
    MoneyPaper,
    PayOut,
    Receipt,
    RefundClaim,
    SuspenseItem,
)
from risk.models import CompanyProfile
from traders.models import ClaimPaper, Company

Keys = Mapping[str, Any]
View = PassengerView.What


@dataclass(frozen=True)
class Whose:
    """Whose data a door shows, by primary key or TIN. Nothing filled: the address is all that is known."""

    declaration: int | None = None
    paper: tuple[int, str] | None = None
    traveller: tuple[int, str] | None = None
    person: int | None = None
    tin: str = ""
    name: str = ""


Finder = Callable[[Keys], Whose | None]
NOBODY = Whose()
UUID_LENGTH = 36


def _first(model: Any, keys: Keys, key: str, by: str, *columns: str) -> tuple[Any, ...] | None:
    """The columns of the row that the door names; None where there is none. A malformed key finds nothing."""
    try:
        found: tuple[Any, ...] | None = model.objects.filter(**{by: keys[key]}).order_by().values_list(*columns).first()
    except (ValueError, ValidationError):
        return None
    return found


def _file(model: Any, *, by: str = "public_id", to: str = "pk", key: str = "key") -> Finder:
    """A customs file, by a row that leads to its declaration. None: a draft that customs never got is its writer's."""
    of = "" if to == "pk" else f"{to}__"

    def find(keys: Keys) -> Whose | None:
        row = _first(model, keys, key, by, to, f"{of}status", f"{of}sent_at", f"{of}source")
        if row is None:
            return NOBODY
        unsent = row[1] == Status.DRAFT and row[2] is None and row[3] != Declaration.Source.PROPOSAL
        return None if unsent else Whose(declaration=row[0])

    return find


def _numbered(key: str) -> Finder:
    """A customs file by public id, MRN or number: its newest version."""
    by_id = _file(Declaration, key=key)

    def find(keys: Keys) -> Whose | None:
        if len(str(keys[key])) == UUID_LENGTH:
            return by_id(keys)
        rows = Declaration.objects.filter(of_number(str(keys[key]))).order_by("-version")
        return Whose(declaration=rows.values_list("pk", flat=True).first())

    return find


def _paper(what: FileView.What) -> Finder:
    def find(keys: Keys) -> Whose:
        row = _first(StoredFile, keys, "key", "public_id", "pk")
        return Whose(paper=(row[0], what.value)) if row else NOBODY

    return find


def _traveller(
    model: Any, what: View = View.DECLARATION, *, by: str = "public_id", to: str = "pk", key: str = "key"
) -> Finder:
    def find(keys: Keys) -> Whose:
        row = _first(model, keys, key, by, to)
        return Whose(traveller=(row[0], what.value)) if row else NOBODY

    return find


def _money(model: Any, *, by: str = "public_id", to: str = "company__tin", key: str = "key") -> Finder:
    """Something of a company: its money, its stock, an audit of it; by its TIN where it has one."""

    def find(keys: Keys) -> Whose:
        row = _first(model, keys, key, by, to)
        return Whose(tin=row[0] or "") if row else NOBODY

    return find


def _company(model: Any, *, by: str, key: str, to: str = "") -> Finder:
    """The record of a company itself."""

    def find(keys: Keys) -> Whose:
        row = _first(model, keys, key, by, f"{to}tin", f"{to}name")
        return Whose(tin=row[0], name=row[1]) if row else NOBODY

    return find


def _person(model: Any, *, to: str = "pk") -> Finder:
    def find(keys: Keys) -> Whose:
        row = _first(model, keys, "object_id", "pk", to)
        return Whose(person=row[0]) if row else NOBODY

    return find


def _address(keys: Keys) -> Whose:
    """Data of several, or of somebody who is no customer: the address says which page it was."""
    return NOBODY


_BY_TIN = _company(Company, by="tin", key="tin")

# The first rule whose beginning fits a route is the door's; routes as a request names them, without the ^ of a part.
RULES: tuple[tuple[str, Finder], ...] = (
    # Files of declarations
    ("declarations/uploads/", _money(Upload, to="declarant__tin")),
    ("declarations/<uuid:key>/", _file(Declaration)),
    ("declarations/<path:number>/", _numbered("number")),
    ("pay/by-link/", _address),
    ("pay/<path:number>/", _numbered("number")),
    ("queue/<uuid:key>/", _file(Declaration)),
    ("audits/files/<uuid:key>/", _file(Audit, to="case__declaration")),
    ("audits/companies/<uuid:key>/", _money(CompanyAudit)),
    ("api/v1/audits/<uuid:key>/", _money(CompanyAudit)),
    ("corrections/<uuid:key>/", _file(Declaration)),
    ("fines/<int:pk>/", _file(Penalty, by="pk", to="declaration", key="pk")),
    ("levies/<int:pk>/", _file(Levy, by="pk", to="declaration", key="pk")),
    ("verify/<str:token>/", _address),
    ("photographs/<str:token>/", _address),
    ("api/v1/declarations/(?P<id>", _numbered("id")),
    ("api/v1/corrections/(?P<id>", _file(Declaration, key="id")),
    ("api/v1/declarations/<str:key>/", _numbered("key")),
    ("api/v1/declarations/<path:key>/", _numbered("key")),
    ("files/<uuid:key>/view/", _paper(FileView.What.PAGES)),
    ("files/<uuid:key>/pages/", _paper(FileView.What.PAGES)),
    ("files/<uuid:key>/", _paper(FileView.What.CONTENT)),
    ("api/v1/files/<uuid:key>/", _paper(FileView.What.CONTENT)),
    ("templates/<uuid:key>/", _file(Declaration)),
    ("api/v1/templates/", _address),
    ("address-book/<int:pk>/", _address),
    ("history/<int:check>/", _address),
    # Stock under suspension
    ("stock/before/<int:key>/", _money(StockAccount, by="pk")),
    ("stock/extensions/<int:key>/", _money(TermExtension, by="pk", to="account__company__tin")),
    ("stock/acts/<int:key>/", _money(StockWriteOff, by="pk", to="account__company__tin")),
    ("stock/papers/<uuid:key>/", _money(ExtensionPaper, to="extension__account__company__tin")),
    ("stock/<int:key>/", _money(StockAccount, by="pk")),
    ("api/v1/stock/(?P<pk>", _money(StockAccount, by="pk", key="pk")),
    # Companies and people
    ("companies/<slug:tin>/", _BY_TIN),
    ("claims/<int:pk>/", _company(Company, by="pk", key="pk")),
    ("papers/<uuid:key>/", _company(ClaimPaper, by="public_id", key="key", to="company__")),
    ("risk/profiles/<int:pk>/", _money(CompanyProfile, by="pk", key="pk")),
    ("desk/clients/", _address),
    ("admin/accounts/user/", _person(User)),
    ("admin/accounts/officerrole/", _person(OfficerRole, to="user")),
    ("admin/accounts/roleproposal/", _person(RoleProposal, to="user")),
    ("admin/accounts/administrativeact/", _address),
    ("admin/traders/company/", _company(Company, by="pk", key="object_id")),
    # Money
    ("payments/accounts/<int:pk>/", _money(Account, by="pk", key="pk")),
    ("payments/entries/<int:pk>/", _address),
    ("payments/deferred/<uuid:key>", _money(DeferredStatement, to="account__company__tin")),
    ("payments/automatic/<str:tin>/", _BY_TIN),
    ("payments/return/<uuid:key>/", _money(Attempt)),
    ("payments/receipts/<uuid:key>.pdf", _money(Receipt, by="payment__public_id", to="payment__company__tin")),
    ("payments/refunds/<uuid:key>/", _money(RefundClaim)),
    ("payments/bank-accounts/<uuid:key>/", _money(BankAccount)),
    ("payments/pay-outs/<uuid:key>/", _money(PayOut)),
    ("payments/papers/<uuid:key>/", _money(MoneyPaper, to="claim__company__tin")),
    ("api/v1/payments/automatic/<str:tin>/", _BY_TIN),
    ("api/v1/payments/refunds/<uuid:key>/", _money(RefundClaim)),
    ("api/v1/payments/guarantees/<uuid:key>/", _money(Guarantee, to="account__company__tin")),
    ("api/v1/payments/pay-outs/<uuid:key>/", _money(PayOut)),
    ("guarantees/<uuid:key>/", _money(Guarantee, to="account__company__tin")),
    ("guarantees/guarantees.", _address),
    ("treasury/accounts/<int:pk>/", _money(Account, by="pk", key="pk")),
    ("treasury/limits/<int:pk>/", _money(LimitChange, by="pk", to="account__company__tin", key="pk")),
    ("treasury/", _address),
    ("cashier/suspense/<uuid:key>/", _money(SuspenseItem)),
    ("cashier/", _address),
    # Travellers
    ("travellers/leaving/<uuid:key>/", _traveller(TravelDeclaration, View.CLAIM)),
    ("travellers/vehicles/<uuid:key>/", _traveller(VehicleStay, View.VEHICLE, to="declaration")),
    ("travellers/cash/person/<int:traveller>/", _traveller(
        Traveller, View.CROSSINGS, by="pk", to="version__declaration", key="traveller")),
    ("travellers/cash/files/", _address),
    ("travellers/aside/<int:key>/", _traveller(GoodsAside, by="pk", to="declaration")),
    ("travellers/cargo/<int:key>/", _traveller(CargoHandover, View.CARGO, by="pk", to="declaration")),
    ("travellers/<uuid:key>/history/", _traveller(TravelDeclaration, View.HISTORY)),
    ("travellers/<uuid:key>/photo/", _traveller(TravelDeclaration, View.PHOTO)),
    ("travellers/<uuid:key>/", _traveller(TravelDeclaration)),
    ("travel/pay/", _address),
    ("travel/open/", _address),
    ("travel/<uuid:key>/", _traveller(TravelDeclaration)),
    # Tables over many
    ("declarations.<slug:kind>", _address),
    ("figures/mine.", _address),
)  # fmt: skip

# Nobody's data, one's own, or a door that writes its look itself, with what was asked.
FREE: tuple[str, ...] = (
    # law, lists, figures of all
    "admin/tariffs/", "admin/tariff_lookup/", "admin/accounts/office/", "admin/(?P<app_label>", "admin/(?P<url>",
    "admin/r/", "api/v1/tariff/", "tariff/", "exchange-rates/", "open-data/", "declarations/codes/",
    "declarations/items/template.", "risk/criteria/", "risk/lists/", "risk/values/", "risk/models/", "risk/targets/",
    "release-times/", "figures/targets.", "figures/times.", "figures/counts.",
    # one's own: the way in, messages, tokens, views of the desk; a phone that sends
    "account/", "invited/", "invitations/", "messages/", "api/v1/messages/", "profile/tokens/", "queue/views/",
    "scan/<str:token>/",
    # colleagues at work; a state of sixty bytes that a page asks for by itself
    "queue/load/", "travellers/<uuid:key>/state/",
    # written down with what was asked
    "queue/search.", "queue/search/openings.", "oversight.", "oversight/",
)  # fmt: skip


@cache
def rule_of(route: str) -> Finder | None:
    """How a door finds whose data it shows; None where it shows nobody's. An unknown door has none but its address."""
    if route.startswith(FREE):
        return None
    return next((finder for beginning, finder in RULES if route.startswith(beginning)), _address)


def is_known(route: str) -> bool:
    """Whether somebody has said what stands behind the door."""
    return route.startswith(FREE) or any(route.startswith(beginning) for beginning, _finder in RULES)

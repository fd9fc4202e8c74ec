"""The fee for goods that a traveller takes back after they were kept: by the dated fee of storage, day by day."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from border.models import GoodsAside
from lib.figures import ZERO
from lib.languages import in_language
from passengers import selectors as travellers
from passengers import services as passengers
from passengers.models import TravelDeclaration
from tariffs.calculation import Fee, ServiceFeeFact, fee_due
from tariffs.models import ServiceFee
from tariffs.selectors import legal_basis, national_currency, service_fee

STORAGE, LEAST_MASS = "STORAGE", Decimal(1)


@dataclass(frozen=True, slots=True)
class Stored:
    """What storage comes to on a day, and what of it was charged before."""

    law: ServiceFee
    fee: Fee
    charged: Decimal
    facts: dict[str, str]

    @property
    def rest(self) -> Decimal:
        return max(self.fee.amount - self.charged, ZERO)


def storage_of(aside: GoodsAside, *, on: date) -> Stored | None:
    """None where the law of the day has no such fee, or the goods no longer wait. An unknown mass counts as one kg."""
    law = service_fee(STORAGE, on=on)
    if law is None or aside.status != GoodsAside.Status.HELD:
        return None
    days = Decimal(max((on - timezone.localdate(aside.at)).days, 0))
    masses = (Decimal(str(row.get("mass") or 0)) for row in aside.goods)
    mass = max(sum(masses, ZERO), LEAST_MASS)
    fact = ServiceFeeFact(law.amount, law.unit, law.free, law.for_kg, law.least)
    fee = fee_due(fact, days, mass, decimals=national_currency().decimals)
    facts = {
        "days": str(days),
        "mass": str(mass),
        "amount": str(law.amount),
        "free": str(law.free),
        "for_kg": str(law.for_kg),
        "least": str(law.least),
    }
    return Stored(law, fee, travellers.levied_for(_key(aside)), facts)


def charge_storage(aside: GoodsAside, locked: TravelDeclaration, *, by: User, at: datetime, on: date) -> None:
    """Charge what is not charged yet. The caller holds the lock and the transaction."""
    stored = storage_of(aside, on=on)
    if stored is None or not stored.rest:
        return
    before = f" − {stored.charged.normalize():f}" if stored.charged else ""
    passengers.levy(
        locked,
        key=f"{_key(aside)}{on.isoformat()}",
        tax_code=stored.law.code,
        tax_name=in_language(stored.law),
        rate_text=stored.fee.rate_text,
        amount=stored.rest,
        formula=f"{stored.fee.formula}{before}",
        legal_basis=legal_basis(stored.law.legal_act),
        is_example=stored.law.is_example,
        facts=stored.facts | {"receipt": aside.number},
        by=by,
        at=at,
    )


def _key(aside: GoodsAside) -> str:
    return f"storage:{aside.number}:"

"""What was paid for goods that leave again: which goods may be claimed, what a claim is worth, and what went back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from lib.figures import ZERO
from lib.resume_codes import plain_resume_code
from passengers.content import PAY, Content, Thing
from passengers.models import CROSSED, ClaimShare, ExitClaim, TravelDeclaration, TravelLevy
from passengers.selectors import law as law_of
from tariffs.models import Direction, TravelTerm


@dataclass(frozen=True, slots=True)
class Claimable:
    """A good for which something may be asked back; `place` is its place in the list of goods, from 1."""

    place: int
    thing: Thing


def claim_until(declaration: TravelDeclaration) -> date | None:
    """The last day on which goods of an entry leave with their money; None where nothing goes back."""
    if declaration.status not in CROSSED or declaration.direction != Direction.ENTRY or not declaration.closed_at:
        return None
    on = timezone.localdate(declaration.closed_at)
    term = law_of.term(TravelTerm.Kind.REEXPORT, on=on)
    return on + timedelta(days=term.days) if term else None


def claimed_goods(declaration: TravelDeclaration) -> frozenset[int]:
    """Places of goods for which a claim waits or was confirmed."""
    claims = ExitClaim.objects.filter(declaration=declaration).exclude(status=ExitClaim.Status.REFUSED)
    return frozenset(int(place) for goods in claims.values_list("goods", flat=True) for place in goods)


def gone_goods(declaration: TravelDeclaration) -> frozenset[int]:
    """Places of goods that have left again by confirmed claims."""
    claims = ExitClaim.objects.filter(declaration=declaration, status=ExitClaim.Status.CONFIRMED)
    return frozenset(int(place) for goods in claims.values_list("goods", flat=True) for place in goods)


def claimable(declaration: TravelDeclaration, content: Content, *, on: date) -> Sequence[Claimable]:
    """Goods that may still be claimed on the day: paid, in time, not claimed yet."""
    until = claim_until(declaration)
    if until is None or on > until or not declaration.paid:
        return ()
    taken = claimed_goods(declaration)
    return [
        Claimable(place, thing)
        for place, thing in enumerate(content.things, start=1)
        if thing.choice == PAY and place not in taken
    ]


def claims_of(declaration: TravelDeclaration) -> Sequence[ExitClaim]:
    return list(ExitClaim.objects.filter(declaration=declaration).prefetch_related("shares").order_by("pk"))


def claim_that_waits(declaration: TravelDeclaration) -> ExitClaim | None:
    found: ExitClaim | None = ExitClaim.objects.filter(declaration=declaration, status=ExitClaim.Status.CLAIMED).first()
    return found


def left_with(text: str) -> QuerySet[TravelDeclaration]:
    """Ended entries by code or reference: what came in with them may leave again."""
    code = plain_resume_code(text)
    wanted = Q(reference__iexact=text.strip())
    if code:
        wanted |= Q(code=code)
    rows: QuerySet[TravelDeclaration] = TravelDeclaration.objects.filter(
        wanted, status__in=CROSSED, direction=Direction.ENTRY, forgotten_at=None
    )
    return rows.order_by("-pk")


def given_back_by_tax(declaration: TravelDeclaration) -> Mapping[str, Decimal]:
    """What confirmed claims gave back, tax by tax."""
    rows = ClaimShare.objects.filter(claim__declaration=declaration).values("tax_code").annotate(total=Sum("amount"))
    return dict(rows.order_by("tax_code").values_list("tax_code", "total"))


def given_back(declaration: TravelDeclaration) -> Decimal:
    return sum(given_back_by_tax(declaration).values(), ZERO)


def levies_of(declaration: TravelDeclaration) -> Sequence[TravelLevy]:
    """What was charged after the answer."""
    return list(TravelLevy.objects.filter(declaration=declaration))


def levied_by_tax(declaration: TravelDeclaration) -> Mapping[str, Decimal]:
    """The same, tax by tax."""
    rows = TravelLevy.objects.filter(declaration=declaration).values("tax_code").annotate(total=Sum("amount"))
    return dict(rows.order_by("tax_code").values_list("tax_code", "total"))


def levied_for(key: str) -> Decimal:
    """What was charged so far under keys that begin so."""
    total = TravelLevy.objects.filter(key__startswith=key).aggregate(total=Sum("amount"))["total"]
    return total or ZERO


def still_due(declaration: TravelDeclaration) -> Decimal:
    """What is to be paid, less what is booked and what claims gave back; negative where money goes back."""
    levied = sum(levied_by_tax(declaration).values(), ZERO)
    return declaration.payable + levied - given_back(declaration) - declaration.paid


def with_given_back(rows: QuerySet[TravelDeclaration]) -> QuerySet[TravelDeclaration]:
    """The declarations, each with `given_back` by its confirmed claims and `levied` after its answer."""
    shares = ClaimShare.objects.filter(claim__declaration=OuterRef("pk")).order_by().values("claim__declaration")
    levies = TravelLevy.objects.filter(declaration=OuterRef("pk")).order_by().values("declaration")
    return rows.annotate(given_back=_total(shares), levied=_total(levies))


def _total(rows: QuerySet[Any]) -> Coalesce:
    total = Subquery(rows.annotate(total=Sum("amount")).values("total"))
    return Coalesce(total, ZERO, output_field=DecimalField(max_digits=18, decimal_places=4))

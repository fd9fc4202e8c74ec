"""News of guarantees that end while they hold something, of calls, and of what is charged later. Each may run twice."""

from datetime import datetime

from django.utils import timezone

from accounts.models import OfficerRole, Role
from declarations.models import Levy
from lib.figures import plain
from notifications.kinds import Kind
from notifications.services.declarations import PAY, parties, standing
from notifications.services.tell import News, People, tell
from payments.models import Guarantee
from payments.selectors import call_by_key


def guarantee_ending(pk: int, *, now: datetime) -> int:
    """A guarantee that holds something ends soon."""
    return _tell(pk, "", now=now)


def guarantee_expired(pk: int, *, now: datetime) -> int:
    """A guarantee has expired and still holds something."""
    return _tell(pk, "expired", now=now)


def guarantee_called(pk: int, *, now: datetime) -> int:
    """Suspended duty was called; `pk` is that of the call. To those who pay, and to the treasury."""
    call = call_by_key(pk)
    params = {"mrn": call.mrn, "amount": plain(call.amount)}
    news = News(Kind.GUARANTEE, f"call:{pk}", call.at, params, "called", declaration=call.declaration_id)
    return tell(news, parties(standing(call.declaration_id), PAY), now=now) + tell(news, _treasury(now), now=now)


def levy_charged(pk: int, *, now: datetime) -> int:
    """A fee was charged after the assessment, to those who pay."""
    levy = Levy.objects.get(pk=pk)
    params = {"mrn": levy.mrn, "amount": plain(levy.amount)}
    news = News(Kind.MONEY_DUE, f"levy:{pk}", levy.at, params, "levy", declaration=levy.declaration_id)
    return tell(news, parties(standing(levy.declaration_id), PAY), now=now)


def _tell(pk: int, variant: str, *, now: datetime) -> int:
    """To those who pay for the company, and to the treasury."""
    guarantee = Guarantee.objects.select_related("account").get(pk=pk)
    if guarantee.valid_to is None:
        return 0
    params = {
        "guarantee": str(guarantee),
        "day": guarantee.valid_to.isoformat(),
        "amount": plain(guarantee.account.reserved),
        "key": str(guarantee.public_id),
    }
    occurrence = f"guarantee:{pk}:{variant}:{guarantee.valid_to}"
    news = News(Kind.GUARANTEE, occurrence, now, params, variant, company=guarantee.account.company_id)
    company = People(companies=[guarantee.account.company_id], rights=PAY)
    return tell(news, company, now=now) + tell(news, _treasury(now), now=now)


def _treasury(now: datetime) -> People:
    rows = OfficerRole.objects.on(timezone.localdate(now)).filter(role=Role.TREASURY)
    return People(users=list(rows.values_list("user_id", flat=True).distinct()))

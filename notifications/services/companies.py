"""News of companies: what customs decided about a claim; mandates given, revoked, and those that end soon."""

from datetime import date, datetime

from notifications import selectors
from notifications.kinds import Kind
from notifications.selectors.waiting import LAST_WARNING
from notifications.services.tell import News, People, tell
from traders.models import Company, Mandate, Right, Standing

_MANDATE = (Right.OWNER, Right.PREPARER)


def company_decided(pk: int, *, now: datetime) -> int:
    """To the owners, with the sentence of the decision."""
    company = Company.objects.get(pk=pk)
    if company.standing == Standing.CLAIMED or company.decided_at is None:
        return 0
    variant = "" if company.is_confirmed else "refused"
    params = {"company": str(company), "decision": company.decision}
    occurrence = f"company:{pk}:{company.decided_at.timestamp():.0f}"
    news = News(Kind.COMPANY, occurrence, company.decided_at, params, variant, company=pk)
    return tell(news, People(companies=[pk], rights=[Right.OWNER]), now=now)


def mandate_given(pk: int, *, now: datetime) -> int:
    """To both sides, but not to who gave it."""
    mandate = _mandate(pk)
    news = News(Kind.MANDATE, f"given:{pk}", mandate.given_at, _sides(mandate))
    return _tell_sides(mandate, news, but=mandate.given_by_id, now=now)


def mandate_revoked(pk: int, *, now: datetime) -> int:
    """To both sides, but not to who revoked it."""
    mandate = _mandate(pk)
    if mandate.revoked_at is None:
        return 0
    news = News(Kind.MANDATE, f"revoked:{pk}", mandate.revoked_at, _sides(mandate), "revoked")
    return _tell_sides(mandate, news, but=mandate.revoked_by_id, now=now)


def tell_of_ending_mandates(*, on: date, now: datetime) -> int:
    """Two weeks before the last day, and again three days before; a day that was missed is made up for."""
    told = 0
    for mandate in selectors.mandates_ending(on=on):
        assert mandate.valid_to is not None, "it ends"
        which = "last" if mandate.valid_to - on <= LAST_WARNING else "first"
        params = _sides(mandate) | {"day": mandate.valid_to.isoformat()}
        occurrence = f"ending:{mandate.pk}:{mandate.valid_to}:{which}"
        told += _tell_sides(mandate, News(Kind.MANDATE_ENDING, occurrence, now, params), but=None, now=now)
    return told


def _mandate(pk: int) -> Mandate:
    return Mandate.objects.select_related("principal", "agent").get(pk=pk)


def _sides(mandate: Mandate) -> dict[str, str]:
    return {"principal": str(mandate.principal), "agent": str(mandate.agent)}


def _tell_sides(mandate: Mandate, news: News, *, but: int | None, now: datetime) -> int:
    sides = (mandate.principal_id, mandate.agent_id)
    return tell(news, People(companies=sides, rights=_MANDATE, but=but), now=now)

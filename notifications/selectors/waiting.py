"""What becomes due by itself: mandates that end, files and audits that are late; whether a message still concerns."""

from datetime import date, datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from accounts.models import User
from clearance.models import Audit, Case, CompanyAudit, WaitsFor
from declarations.selectors import visible_to
from notifications.kinds import Kind
from notifications.models import Message
from traders.models import Mandate

FIRST_WARNING, LAST_WARNING = timedelta(days=14), timedelta(days=3)
_LOOKED_BACK = timedelta(days=1)
_AUDITS_LOOKED_BACK = timedelta(days=7)


def mandates_ending(*, on: date) -> QuerySet[Mandate]:
    """Mandates in force that end within two weeks."""
    ending = Mandate.objects.on(on).filter(valid_to__gte=on, valid_to__lte=on + FIRST_WARNING)
    return ending.select_related("principal", "agent").order_by("pk")


def late_cases(*, at: datetime, limit: int) -> list[Case]:
    """Open files that passed their target time in the last day, wait for an officer, and of which nobody was told."""
    told = Message.objects.filter(declaration=OuterRef("declaration_id"), kind=Kind.LATE, variant="")
    late = Case.objects.waiting().filter(due_at__lte=at, due_at__gt=at - _LOOKED_BACK, waits_for=WaitsFor.OFFICE)
    return list(late.filter(~Exists(told)).order_by("-due_at", "-pk")[:limit])


def late_audits(*, on: date, limit: int) -> list[Audit]:
    """Audits in hand whose last day passed in the last week, and of which nobody was told for that day."""
    occurrence = Concat(Value("audit:"), OuterRef("pk"), Value(":"), OuterRef("due"), output_field=CharField())
    told = Message.objects.filter(declaration__mrn=OuterRef("mrn"), kind=Kind.LATE, occurrence=occurrence)
    late = Audit.objects.open().filter(due__lt=on, due__gte=on - _AUDITS_LOOKED_BACK)
    return list(late.filter(~Exists(told)).order_by("-due", "-pk")[:limit])


def late_company_audits(*, on: date) -> QuerySet[CompanyAudit]:
    """Audits of companies that are not ended and whose last day has passed in the last week; they are few."""
    late = CompanyAudit.objects.exclude(status__in=CompanyAudit.ENDS)
    rows: QuerySet[CompanyAudit] = late.filter(due__lt=on, due__gte=on - _AUDITS_LOOKED_BACK)
    return rows.select_related("company").order_by("-due", "-pk")


def still_concerns(message: Message, user: User, *, on: date) -> bool:
    """Whether what the message is about may still be seen by its recipient."""
    if not user.is_active:
        return False
    declaration = message.declaration_id
    return declaration is None or visible_to(user, on=on).filter(pk=declaration).exists()

"""News of an officer's file: questions and answers, changes of lane, files allotted, files that became late."""

from datetime import datetime

from django.utils import timezone

from clearance.models import Answer, Case, Query, Reroute
from clearance.selectors import officers_for
from declarations.models import StoredFile
from notifications import selectors
from notifications.kinds import Kind
from notifications.services.declarations import officers_of, parties
from notifications.services.tell import News, People, tell
from traders.models import Right

LATE_AT_ONCE = 200
_ANSWER = (Right.OWNER, Right.PREPARER)


def question_asked(pk: int, *, now: datetime) -> int:
    """To those who may answer, unless it was answered or withdrawn meanwhile."""
    query = Query.objects.select_related("case__declaration").get(pk=pk)
    if Answer.objects.filter(query=query).exists():
        return 0
    case = query.case
    params = {"mrn": case.mrn, "due": query.due.isoformat()}
    news = News(Kind.QUESTION, f"query:{pk}", query.asked_at, params, declaration=case.declaration_id)
    return tell(news, parties(case.declaration, _ANSWER), now=now)


def question_answered(pk: int, *, now: datetime) -> int:
    """To the officer who holds the file, else to the one who asked. A question taken back is no news."""
    answer = Answer.objects.select_related("query__case", "query__audit").get(query_id=pk)
    if answer.is_withdrawal:
        return 0
    case = answer.query.case
    news = News(Kind.ANSWER, f"query:{pk}", answer.at, {"mrn": case.mrn}, declaration=case.declaration_id)
    if answer.query.audit is not None:
        return tell(news, People(users=[answer.query.audit.officer_id or answer.query.asked_by_id]), now=now)
    return tell(news, officers_of(case, now=now, asked_by=answer.query.asked_by_id), now=now)


def file_kept_aside(pk: int, *, now: datetime) -> int:
    """To those who prepare for the company whose paper it is."""
    file = StoredFile.objects.select_related("declaration").get(pk=pk)
    params = {"name": file.name, "found": file.found}
    news = News(Kind.FILE_FOUND, f"file:{pk}", file.checked_at or now, params, declaration=file.declaration_id)
    return tell(news, parties(file.declaration, _ANSWER), now=now)


def reroute_asked(pk: int, *, now: datetime) -> int:
    """To the officers of the file's lane who may agree, unless it was decided meanwhile."""
    asked = Reroute.objects.select_related("case").get(pk=pk)
    if asked.outcome:
        return 0
    case = asked.case
    news = News(Kind.REROUTE, f"reroute:{pk}", asked.asked_at, {"mrn": case.mrn}, declaration=case.declaration_id)
    officers = officers_for(case, on=timezone.localdate(now)).values_list("pk", flat=True)
    return tell(news, People(users=officers, but=asked.asked_by_id), now=now)


def allotted(pk: int, *, now: datetime) -> int:
    """To the officer who was given the file, while it is that officer's."""
    case = Case.objects.get(pk=pk)
    if case.claimed_by_id is None or case.claimed_at is None or case.closed_at is not None:
        return 0
    occurrence = f"allotted:{pk}:{case.claimed_at.timestamp():.0f}"
    news = News(Kind.ALLOTTED, occurrence, case.claimed_at, {"mrn": case.mrn}, declaration=case.declaration_id)
    return tell(news, People(users=[case.claimed_by_id]), now=now)


def tell_of_late_files(*, now: datetime) -> int:
    """To the supervisors of each file's office."""
    on, told = timezone.localdate(now), 0
    for case in selectors.late_cases(at=now, limit=LATE_AT_ONCE):
        params = {"mrn": case.mrn}
        news = News(
            Kind.LATE,
            f"case:{case.pk}:{case.due_at.timestamp():.0f}",
            case.due_at,
            params,
            declaration=case.declaration_id,
        )
        told += tell(news, People(users=selectors.supervisors_of(case.office_code, on=on)), now=now)
    return told

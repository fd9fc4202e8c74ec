"""Questions to the declarant, their answers with papers, and their withdrawal."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import announce
from clearance.models import Answer, AnswerFile, Audit, Case, Query
from clearance.selectors import open_query
from clearance.services.clock import keep_time
from clearance.services.gate import case_to_work_on, locked_case, needed
from clearance.services.release import release_if_clear
from declarations.models import StoredFile
from declarations.selectors import may_prepare
from declarations.services import lock, receive_file, record
from lib.pointers import pointer_to
from lib.violations import Rejected, Violation, refuse

FILES_AT_MOST = 10
LONGEST_WAIT = timedelta(days=365)


@transaction.atomic
def ask(case: Case, *, question: str, due: date, by: User, at: datetime) -> Query:
    """Ask the declarant; the file waits for the answer. One question is open at a time.

    Raises Rejected: C001 to C005, C010 a question is open already, C011 the day for the answer is past or
    too far.
    """
    found = case_to_work_on(case, by=by, at=at)
    question = needed(question, pointer="question", sentence=_("Write the question."))
    if open_query(found) is not None:
        raise refuse("C010", "question", _("A question is open already. Wait for its answer or withdraw it."))
    if due < timezone.localdate(at):
        raise refuse("C011", "due", _("The day for the answer is past."))
    if due > timezone.localdate(at) + LONGEST_WAIT:
        raise refuse("C011", "due", _("The day for the answer is more than a year away."))
    made = Query.objects.create(case=found, question=question, asked_by=by, asked_at=at, due=due)
    keep_time(found.declaration, at=at)
    record(found.declaration, verb="query", by=by, at=at, data={"query": made.pk})
    announce("query.asked", made.pk)
    return made


@transaction.atomic
def answer(query: Query, *, text: str, files: Sequence[tuple[str, bytes]] = (), by: User, at: datetime) -> Answer:
    """The declarant's answer with its papers, each a name and a content; the file, or its audit, moves on.

    Raises Rejected: C001 closed, C118 its audit is, C012 answered already, C013 not for this person, C005 no text,
    C014 too many files, and what `receive_file` refuses, pointing at `papers[n]`.
    """
    found = locked_case(query.case) if query.audit_id is None else _audited(query)
    if not may_prepare(by, found.declaration, on=timezone.localdate(at)):
        raise refuse("C013", "", _("Only an owner or preparer of the declarant may answer."))
    text = needed(text, pointer="text", sentence=_("Write the answer."))
    if len(files) > FILES_AT_MOST:
        raise refuse("C014", "papers", _("At most %d files can be attached to an answer.") % FILES_AT_MOST)
    made = _end(query, found, Answer(text=text), by=by, at=at)
    for place, (name, content) in enumerate(files):
        AnswerFile.objects.create(answer=made, file=_store(found, place, name, content, by=by, at=at))
    record(found.declaration, verb="answer", by=by, at=at, data={"query": query.pk, "files": len(files)})
    announce("query.answered", query.pk)
    release_if_clear(found.declaration_id, at=at)
    return made


@transaction.atomic
def withdraw(query: Query, *, reason: str, by: User, at: datetime) -> Answer:
    """The officer takes a question back."""
    found = case_to_work_on(query.case, by=by, at=at)
    reason = needed(reason, pointer="reason", sentence=_("Say why the question is withdrawn."))
    made = _end(query, found, Answer(text=reason, is_withdrawal=True), by=by, at=at)
    record(found.declaration, verb="withdraw_query", by=by, at=at, note=reason, data={"query": query.pk})
    release_if_clear(found.declaration_id, at=at)
    return made


def _audited(query: Query) -> Case:
    """The file of a question in an audit, its declaration locked. Raises Rejected C118 if the audit has ended."""
    declaration = lock(query.case.declaration_id)
    found = Case.objects.get(pk=query.case_id)
    found.declaration = declaration
    if not Audit.objects.filter(queries=query, status__in=Audit.IN_HAND).exists():
        raise refuse("C118", "", _("The audit has ended. No answer is needed any more."))
    return found


def _end(query: Query, case: Case, made: Answer, *, by: User, at: datetime) -> Answer:
    if Answer.objects.filter(query=query).exists():
        raise refuse("C012", "", _("This question was answered already."))
    made.query, made.by, made.at = query, by, at
    made.save(force_insert=True)
    keep_time(case.declaration, at=at)
    return made


def _store(case: Case, place: int, name: str, content: bytes, *, by: User, at: datetime) -> StoredFile:
    try:
        return receive_file(case.declaration, name=name, content=content, by=by, at=at)
    except Rejected as error:
        faults = [
            Violation(each.code, pointer_to("papers", place), f"{name}: {each.sentence}") for each in error.violations
        ]
        raise Rejected(faults) from error

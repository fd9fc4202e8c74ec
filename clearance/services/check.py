"""The check of an instruction: recorded before a release; what differs becomes a finding, which has its own ends."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from clearance.models import Case, Examination, Finding, InstructionCheck
from clearance.selectors import instructions_of
from clearance.services.examine import record_finding, start_examination
from clearance.services.gate import case_to_work_on, needed
from declarations.services import record
from lib.violations import refuse

Result = InstructionCheck.Result


@transaction.atomic
def check_instruction(
    case: Case,
    *,
    criterion: int,
    result: str,
    text: str = "",
    code: str = "",
    item_number: int = 0,
    by: User,
    at: datetime,
) -> InstructionCheck:
    """Record what came of an instruction. A discrepancy is a finding of the examination under way, else of a new one.

    The same said again is recorded once. Raises Rejected: C001 to C003, C005 no words, C008, C023 to C025, C081 no
    such instruction, C082 no such result.
    """
    found = case_to_work_on(case, by=by, at=at)
    asked = {each.reason.criterion: each for each in instructions_of(found)}
    if criterion not in asked:
        raise refuse("C081", "criterion", _("This file has no such instruction. Reload the page."))
    if result not in Result.values:
        raise refuse("C082", "result", _("Say whether it is in order, differs, or could not be checked."))
    if result != Result.CONFORM:
        text = needed(text, pointer="text", sentence=_("Say what differs, or why it could not be checked."))
    newest = asked[criterion].check
    if newest is not None and (newest.result, newest.text, newest.by_id) == (result, text.strip(), by.pk):
        return newest
    finding = _finding(found, code=code, item_number=item_number, text=text, by=by, at=at) if _differs(result) else None
    made: InstructionCheck = InstructionCheck.objects.create(
        case=found, criterion_id=criterion, result=result, text=text.strip(), finding=finding, by=by, at=at
    )
    data = {"check": made.pk, "result": result, "text": made.text}
    record(found.declaration, verb="check", by=by, at=at, data=data)
    return made


def _differs(result: str) -> bool:
    return result == Result.DISCREPANCY


def _finding(case: Case, *, code: str, item_number: int, text: str, by: User, at: datetime) -> Finding:
    if code in ("", Finding.Code.CONFORM):
        raise refuse("C024", "code", _("Choose what differs."))
    under_way = Examination.objects.filter(case=case, finished_at=None).order_by("pk").first()
    if under_way is None:
        under_way = start_examination(case, kind=Examination.Kind.DOCUMENTS, by=by, at=at)
    return record_finding(under_way, item_number=item_number, code=code, text=text, by=by, at=at)

"""A supervisor's verbs about people: absence, hand-over, many files at once, skills, and automatic allotment."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import Act, announce, record_act
from clearance.models import Absence, AllotmentSwitch, Case, Skill
from clearance.selectors import (
    free_to_allot,
    held_counts,
    held_without_role,
    is_automatic,
    is_linked,
    powers_of,
    staff_of,
    supervised,
    takers_of,
    was_rerouted_by,
)
from clearance.selectors.staff import TAKES
from clearance.services.gate import needed
from clearance.services.hold import allot, hand_over, take_back
from declarations.services import lock
from lib.codes import digits_of
from lib.violations import Rejected, refuse

AT_ONCE = 200
CODES_AT_MOST = 60
log = structlog.get_logger("allotment")


@dataclass(frozen=True)
class Taken:
    """What became of several files: how many were handed over, and those that were not, each with the reason.

    `left`: how many were beyond what is done at once, and are as they were.
    """

    done: int
    refused: Sequence[tuple[str, str]]
    left: int = 0


# Several files ------------------------------------------------------------------------------------------------
def allot_many(cases: Iterable[Case], *, officer: User, reason: str, by: User, at: datetime) -> Taken:
    """Allot each file by itself: what one refuses hinders no other. At most two hundred at once."""
    return _each(cases, lambda case: allot(case, officer=officer, reason=reason, by=by, at=at))


def hand_files_over(officer: User, *, to: User | None, reason: str, by: User, at: datetime) -> Taken:
    """All undecided files that `officer` holds in the supervisor's offices go to `to`, or back to the queue.

    Raises Rejected: C005 no reason, C091 to the same person.
    """
    reason = needed(reason, pointer="reason", sentence=_("Say why the files change hands."))
    if to is not None and to.pk == officer.pk:
        raise refuse("C091", "to", _("These are this officer's files already."))
    powers = powers_of(by, on=timezone.localdate(at))
    held = Case.objects.waiting().filter(powers.within(), claimed_by=officer, decided_at=None).order_by("due_at", "pk")
    if to is None:
        return _each(held, lambda case: take_back(case, reason=reason, by=by, at=at))
    return allot_many(held, officer=to, reason=reason, by=by, at=at)


def _each(cases: Iterable[Case], verb: Callable[[Case], object]) -> Taken:
    done, refused, every = 0, [], list(cases)
    for case in every[:AT_ONCE]:
        try:
            verb(case)
            done += 1
        except Rejected as error:
            refused.append((case.mrn, error.violations[0].sentence))
    return Taken(done, refused, left=len(every[AT_ONCE:]))


# People -------------------------------------------------------------------------------------------------------
@transaction.atomic
def record_absence(
    officer: User, *, since: date, until: date | None, reason: str = "", by: User, at: datetime
) -> Absence:
    """The officer is away: nothing is allotted meanwhile. Files that are held stay until they are handed over.

    Raises Rejected: C004 not of the supervisor's staff, C090 it ends before it begins or is over, C093 the officer is
    away already on some of the days.
    """
    _of_my_staff(officer, by=by, at=at)
    if until is not None and until < since:
        raise refuse("C090", "until", _("The last day is before the first."))
    if until is not None and until < timezone.localdate(at):
        raise refuse("C090", "until", _("The last day is past: nothing would be allotted otherwise."))
    User.objects.select_for_update().get(pk=officer.pk)
    if known := Absence.objects.overlapping(since, until).filter(officer=officer).first():
        sentence = _("This officer is away already: %(days)s. End that absence first, or choose other days.")
        raise refuse("C093", "since", sentence % {"days": _days(known)})
    made = Absence.objects.create(officer=officer, since=since, until=until, reason=reason.strip(), by=by, at=at)
    record_act(Act.ABSENCE_RECORDED, person=officer, about=_days(made), by=by, at=at)
    return made


@transaction.atomic
def end_absence(absence: Absence, *, by: User, at: datetime) -> Absence:
    """The officer is back before the time, or it was recorded wrongly. Raises Rejected C004; ended twice is ended."""
    _of_my_staff(absence.officer, by=by, at=at)
    kept = Absence.objects.select_for_update().get(pk=absence.pk)
    if kept.ended_at is None:
        kept.ended_by, kept.ended_at = by, at
        kept.save(update_fields=["ended_by", "ended_at"])
        record_act(Act.ABSENCE_ENDED, person=absence.officer, about=_days(kept), by=by, at=at)
    return kept


def _days(absence: Absence) -> str:
    return f"{absence.days} · {absence.reason}" if absence.reason else absence.days


@transaction.atomic
def set_skill(officer: User, *, office_code: str, goods: str, most: int, by: User, at: datetime) -> Skill:
    """Which goods the officer takes in the office, as codes or their first digits, and how many files at a time.

    Raises Rejected: C004, C092 what is no code.
    """
    _supervises(office_code, by=by, at=at)
    _of_my_staff(officer, by=by, at=at)
    codes = [digits_of(part) for part in goods.replace(";", ",").replace("\n", ",").split(",") if part.strip()]
    if len(codes) > CODES_AT_MOST or any(not 2 <= len(code) <= 10 for code in codes):
        raise refuse("C092", "goods", _("Write codes or their first two to ten digits, with commas between them."))
    values = {"goods": sorted(set(codes)), "most": most, "by": by, "at": at}
    made: Skill = Skill.objects.update_or_create(officer=officer, office_code=office_code, defaults=values)[0]
    about = f"{office_code} · {', '.join(made.goods) or '*'} · {most}"
    record_act(Act.SKILL_SET, person=officer, about=about, by=by, at=at)
    return made


@transaction.atomic
def switch_allotment(office_code: str, *, is_on: bool, by: User, at: datetime) -> AllotmentSwitch:
    """Files of the office are allotted automatically from now on, or no longer. Raises Rejected C004."""
    _supervises(office_code, by=by, at=at)
    made: AllotmentSwitch = AllotmentSwitch.objects.create(office_code=office_code, is_on=is_on, by=by, at=at)
    return made


def _supervises(office_code: str, *, by: User, at: datetime) -> None:
    offices = supervised(powers_of(by, on=timezone.localdate(at)))
    if None not in offices and office_code not in offices:
        raise refuse("C004", "", _("Only a supervisor of this office may do this."))


def _of_my_staff(officer: User, *, by: User, at: datetime) -> None:
    on = timezone.localdate(at)
    powers = powers_of(by, on=on)
    if not powers.supervises or not staff_of(powers, on=on).filter(pk=officer.pk).exists():
        raise refuse("C004", "", _("Only a supervisor of this office may do this."))


# By itself ----------------------------------------------------------------------------------------------------
def allot_automatically(case: Case, *, at: datetime) -> Case:
    """Give a free file of a switched-on office to the officer whom skill and load choose; else it stays in the queue.

    The caller holds the declaration's lock.
    """
    if not case.is_free or not is_automatic(case.office_code):
        return case
    on = timezone.localdate(at)
    officers = {officer.pk: officer for officer in takers_of(case, on=on) if _may_end(officer, case)}
    held = held_counts(list(officers))
    known = Skill.objects.filter(officer__in=officers, office_code=case.office_code)
    skills = {skill.officer_id: skill for skill in known}
    fits = [
        (-rank, held.get(pk, 0), pk)
        for pk in officers
        if (rank := fit(skills.get(pk), case.commodity_code, held.get(pk, 0))) is not None
    ]
    if not fits:
        return case
    chosen = officers[min(fits)[2]]
    found = hand_over(case, chosen, verb="allot", by=None, at=at, note="")
    announce("case.allotted", found.pk)
    return found


def _may_end(officer: User, case: Case) -> bool:
    """Whether the officer could release the file, as far as its people are concerned."""
    return not is_linked(officer, case) and not was_rerouted_by(officer, case)


def fit(skill: Skill | None, code: str, held: int) -> int | None:
    """How well an officer fits: how many digits of a code the goods begin with, 0 for any goods; None: not at all."""
    if held >= (skill.most if skill else TAKES):
        return None
    if skill is None or not skill.goods:
        return 0
    return max((len(prefix) for prefix in skill.goods if code.startswith(prefix)), default=None)


def allot_free(*, at: datetime, limit: int) -> int:
    """The sweep's part: free files of switched-on offices are allotted; how many."""
    return sum(_locked(case.pk, lambda found: allot_automatically(found, at=at).claimed_by_id is not None)
               for case in free_to_allot(limit=limit))  # fmt: skip


def free_orphans(*, at: datetime, limit: int) -> int:
    """The sweep's part: files of officers who may no longer act on them go back to the queue; how many."""
    on = timezone.localdate(at)
    gone = held_without_role(on=on, limit=limit)
    return sum(_locked(case.pk, lambda found: _back(found, on=on, at=at)) for case in gone)


def _back(case: Case, *, on: date, at: datetime) -> bool:
    if case.claimed_by is None or powers_of(case.claimed_by, on=on).may_act(case):
        return False
    hand_over(case, None, verb="role_ended", by=None, at=at, note="", was=case.claimed_by)
    return True


def _locked(pk: int, verb: Callable[[Case], bool]) -> bool:
    """Do it to the open file under its declaration's lock; a file that fails does not stop the others."""
    try:
        with transaction.atomic():
            declaration = lock(Case.objects.values_list("declaration_id", flat=True).get(pk=pk))
            case = Case.objects.select_related("claimed_by").get(pk=pk)
            case.declaration = declaration
            return case.closed_at is None and verb(case)
    except Exception:
        log.exception("allotment failed", case=pk)
        return False

"""Audits after release: who sees which, the desk of audits, what an audit rests on, and what came of it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import OfficerRole, User
from clearance.models import Audit, AuditTerm, Case, CompanyAudit, Examination, Finding, Outcome, Query
from clearance.models.audit import AuditQuerySet
from clearance.sampling import Filed, Sample, draw, projected
from clearance.selectors.people import LANES_OF, Powers, powers_of
from declarations.models import IssuedPaper, Item, ItemValuation, Penalty
from lib.figures import ZERO
from lib.validity import in_force
from payments.selectors import paper_of_books
from risk.models import Lane
from traders.models import Company, Standing
from traders.selectors import companies_of

LOOK_BACK = timedelta(days=2)
YEAR = timedelta(days=365)
EARLIER_FILES, ITEMS_SHOWN = 500, 20
RELEASED = (Case.End.RELEASED, Case.End.CORRECTED)
PAPERS = {"notice": IssuedPaper.Kind.AUDIT_NOTICE, "report": IssuedPaper.Kind.AUDIT_REPORT}
_RELATED = ("case__declaration", "officer", "company_audit", "concluded_by", "ended_by", "planned_by")


# Who sees what ------------------------------------------------------------------------------------------------
def audits_seen(powers: Powers) -> AuditQuerySet:
    """Audits of files of the offices in sight. A trader has no powers and sees none."""
    return Audit.objects.filter(powers.within()) if powers.is_officer else Audit.objects.none()


def company_audits_seen(powers: Powers) -> QuerySet[CompanyAudit]:
    """Audits of companies by the offices in sight; those of all offices are seen by who sees every office."""
    rows: QuerySet[CompanyAudit] = CompanyAudit.objects.select_related("company", "lead")
    return rows.filter(powers.within()) if powers.is_officer else rows.none()


def audit_for(user: User, key: uuid.UUID, *, on: date) -> Audit:
    """The audit, for an officer of its office. Raises Audit.DoesNotExist for everybody else."""
    return audits_seen(powers_of(user, on=on)).select_related(*_RELATED).get(public_id=key)


def company_audit_for(user: User, key: uuid.UUID, *, on: date) -> CompanyAudit:
    """The audit of a company, for an officer. Raises CompanyAudit.DoesNotExist for everybody else."""
    return company_audits_seen(powers_of(user, on=on)).get(public_id=key)


def notices_for(user: User, *, on: date) -> QuerySet[CompanyAudit]:
    """What a member of a company may see of its audits: those it was told of."""
    told = CompanyAudit.objects.exclude(notified_at=None).filter(company__in=companies_of(user, on=on))
    rows: QuerySet[CompanyAudit] = told.select_related("company").order_by("-notified_at")
    return rows


@dataclass(frozen=True)
class AuditPaper:
    """A paper of a company's audit in one language, and what its file is called."""

    name: str
    file: Any


def audit_papers(audit: CompanyAudit) -> list[tuple[str, IssuedPaper | None]]:
    """Notice and report by name; None as long as there is none."""
    return [(name, paper_of_books(kind, audit.number)) for name, kind in PAPERS.items()]


def audit_paper(audit: CompanyAudit, kind: str, *, language: str) -> AuditPaper | None:
    """The notice or the report, as soon as the worker has made it; None for any other kind."""
    issued = paper_of_books(PAPERS[kind], audit.number) if kind in PAPERS else None
    found = issued.files.filter(language=language).first() if issued else None
    return AuditPaper(f"{kind}-{audit.number}-{language}.pdf", found.file) if found else None


def company_with(tin: str) -> Company | None:
    """The confirmed company with this TIN."""
    return Company.objects.filter(tin=tin, standing=Standing.CONFIRMED).first() if tin else None


# The desk -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class AuditsWanted:
    """Filters of the desk; an empty one filters nothing. `held`: "mine", "free"; `due`: "late"; `state`: a status or
    "hand" (the usual: in hand), "all".
    """

    held: str = ""
    state: str = ""
    due: str = ""
    office: str = ""
    text: str = ""


def audits_listed(powers: Powers, wanted: AuditsWanted, *, by: User, on: date) -> QuerySet[Audit]:
    """Audits in sight, the nearest day first and then what met most criteria; no row costs a query of its own."""
    rows = audits_seen(powers).select_related("officer", "company_audit")
    if wanted.state in Audit.Status.values:
        rows = rows.filter(status=wanted.state)
    elif wanted.state != "all":
        rows = rows.open()
    if wanted.held == "mine":
        rows = rows.filter(officer=by)
    elif wanted.held == "free":
        rows = rows.filter(status=Audit.Status.OPEN)
    if wanted.due == "late":
        rows = rows.open().filter(due__lt=on)
    if wanted.office:
        rows = rows.filter(office_code=wanted.office)
    if text := wanted.text.strip():
        rows = rows.filter(Q(mrn__startswith=text.upper()) | Q(trader_tin=text) | Q(trader_name__icontains=text))
    return rows.order_by("due", "-hits", "pk")


def company_audits_listed(powers: Powers) -> QuerySet[CompanyAudit]:
    """Audits of companies in sight with how many files they have (`files`) and have done (`done`): open ones first."""
    rows = company_audits_seen(powers).annotate(
        files=Count("parts"), done=Count("parts", filter=Q(parts__status__in=Audit.ENDS)), over=F("ended_at")
    )
    return rows.order_by(F("over").desc(nulls_first=True), "due", "pk")


def audit_board(powers: Powers, *, by: User, on: date) -> dict[str, int]:
    """Counts of the desk's tabs, by one read of the audits in hand."""
    counted: dict[str, int] = (
        audits_seen(powers).open().aggregate(
            hand=Count("pk"),
            free=Count("pk", filter=Q(status=Audit.Status.OPEN)),
            mine=Count("pk", filter=Q(officer=by)),
            late=Count("pk", filter=Q(due__lt=on)),
            second=Count("pk", filter=Q(status=Audit.Status.CONCLUDED)),
        )
    )  # fmt: skip
    return counted


def audit_load(powers: Powers, *, on: date) -> list[dict[str, Any]]:
    """Audits in hand by office, for the supervisor: `office_code`, `hand`, `free`, `late`, `second`."""
    rows = audits_seen(powers).open().order_by("office_code").values("office_code")
    return list(
        map(
            dict[str, Any],
            rows.annotate(
                hand=Count("pk"),
                free=Count("pk", filter=Q(status=Audit.Status.OPEN)),
                late=Count("pk", filter=Q(due__lt=on)),
                second=Count("pk", filter=Q(status=Audit.Status.CONCLUDED)),
            ),
        )
    )


def audits_held(powers: Powers) -> dict[int, int]:
    """How many audits in hand each officer has."""
    held = audits_seen(powers).open().exclude(officer=None).order_by().values_list("officer")
    return dict(held.annotate(Count("pk")))


def auditors_of(office_code: str, *, on: date) -> QuerySet[User]:
    """Officers who work on files of the office, of whatever lane; of all offices (empty): of the whole country."""
    held = Q(officer_roles__role__in=sorted(LANES_OF)) & in_force(on, "officer_roles__")
    here = Q(officer_roles__office=None) | Q(officer_roles__office__code=office_code)
    return User.objects.filter(held & here, is_active=True).distinct().order_by("full_name", "pk")


# An audit and its file ----------------------------------------------------------------------------------------
def newest_file(mrn: str) -> Case:
    """The file of the version that counts, with its declaration and its parties."""
    rows = Case.objects.filter(declaration__mrn=mrn).select_related(
        "declaration__declarant", "declaration__trader", "claimed_by"
    )
    return rows.order_by("-pk")[0]


def audit_in_hand(mrn: str) -> Audit | None:
    """The audit of the file that is open."""
    return Audit.objects.open().filter(mrn=mrn).select_related("officer").first()


def audits_of_file(mrn: str) -> list[Audit]:
    """Every audit of the file, the newest first."""
    return list(Audit.objects.filter(mrn=mrn).select_related("officer", "company_audit").order_by("-pk"))


def audits_of_trader(tin: str, powers: Powers) -> list[Audit]:
    """The newest audits of a trader's files in sight that were opened."""
    rows = audits_seen(powers).filter(trader_tin=tin).exclude(status=Audit.Status.WAITING)
    return list(rows.select_related("officer").order_by("-pk")[:ITEMS_SHOWN])


def closed_audits(mrn: str) -> list[Audit]:
    """What the trader is told of audits of the file: those that are closed, with their conclusion."""
    return list(Audit.objects.filter(mrn=mrn, status=Audit.Status.CLOSED).order_by("pk")) if mrn else []


def open_question(audit: Audit) -> Query | None:
    """The question of the audit that waits for its answer."""
    return Query.objects.filter(audit=audit, answer__isnull=True).first()


def open_audit_question(mrn: str) -> Query | None:
    """The question of an audit that waits for the trader, whatever the version of the file."""
    return Query.objects.filter(audit__mrn=mrn, answer__isnull=True).first() if mrn else None


def looked_at(audit: Audit) -> QuerySet[Examination]:
    """The examinations after release that an audit began or found under way, until it ended."""
    rows = Examination.objects.filter(case__declaration__mrn=audit.mrn, kind=Examination.Kind.AUDIT).order_by("pk")
    if audit.opened_at is None:
        return rows.none()
    rows = rows.filter(Q(finished_at=None) | Q(finished_at__gte=audit.opened_at))
    return rows.filter(started_at__lte=audit.ended_at) if audit.ended_at else rows


def _belongs(examination: Examination, audit: Audit) -> bool:
    """The same of one examination of the file."""
    is_after = examination.finished_at is None or (
        audit.opened_at is not None and examination.finished_at >= audit.opened_at
    )
    return is_after and (audit.ended_at is None or examination.started_at <= audit.ended_at)


def examinations_in(audit: Audit) -> QuerySet[Examination]:
    """The same with all that was found and done in them, to be shown."""
    rows = looked_at(audit).select_related("officer")
    return rows.prefetch_related(
        "findings__by", "findings__settled__by", "photos", "samples__taken_by", "samples__result_by", "presences"
    )


def found_in(audit: Audit) -> QuerySet[Finding]:
    """Discrepancies that the audit found."""
    return Finding.objects.filter(examination__in=looked_at(audit)).exclude(code=Finding.Code.CONFORM).order_by("pk")


def was_found(audit: Audit) -> bool:
    return found_in(audit).exists()


def assessed_in(audit: Audit) -> bool:
    """Whether a correction or a fine came of what the audit found."""
    return Outcome.objects.filter(finding__in=found_in(audit)).exclude(how=Outcome.How.CLOSED).exists()


@dataclass(frozen=True)
class Effect:
    """What an audit came to, in national currency: `duties` by corrections (less than zero: in the trader's favour),
    `fines` that are owed.
    """

    findings: int
    duties: Decimal
    fines: Decimal


def effects_of(audits: Iterable[Audit]) -> dict[int, Effect]:
    """What each audit came to, by its key: two queries however many. Each correction and fine counts once."""
    opened = {audit.mrn: audit for audit in audits if audit.opened_at is not None}
    found = (
        Finding.objects.filter(examination__case__declaration__mrn__in=opened, examination__kind=Examination.Kind.AUDIT)
        .exclude(code=Finding.Code.CONFORM)
        .select_related("examination__case", "settled__correction", "settled__penalty")
    )
    sums: dict[str, dict[str, Any]] = {mrn: {"findings": 0, "duties": {}, "fines": {}} for mrn in opened}
    for each in found:
        mrn = each.examination.case.mrn
        if not _belongs(each.examination, opened[mrn]):
            continue
        row, settled = sums[mrn], getattr(each, "settled", None)
        row["findings"] += 1
        if settled and settled.correction:
            row["duties"][settled.correction.pk] = settled.correction.difference or ZERO
        if settled and settled.penalty and settled.penalty.status in Penalty.OWED:
            row["fines"][settled.penalty.pk] = settled.penalty.amount
    return {
        opened[mrn].pk: Effect(
            row["findings"], sum(row["duties"].values(), ZERO), sum(row["fines"].values(), ZERO)
        )
        for mrn, row in sums.items()
    }  # fmt: skip


@dataclass(frozen=True)
class ValueBeside:
    """The customs value of an item per kg of net mass, beside what the same trader declared for the code in a year.

    All in national currency; `typical` is the median over `count` earlier items, `share` this one in per cent of it.
    """

    number: int
    code: str
    value: Decimal
    per_kg: Decimal
    typical: Decimal | None
    count: int
    share: Decimal | None


def items_valued(case: Case) -> list[tuple[Item, ItemValuation | None]]:
    """The first items of the file with their customs value: what an audit compares."""
    rows = Item.objects.filter(declaration=case.declaration_id).select_related("valuation").order_by("number")
    return [(item, getattr(item, "valuation", None)) for item in rows[:ITEMS_SHOWN]]


def values_beside(case: Case, valued: Sequence[tuple[Item, ItemValuation | None]]) -> list[ValueBeside]:
    """Items of the file beside the trader's own history; over its last 500 files of a year, two queries."""
    items = [
        (item.number, item.commodity_code, valuation.customs_value, item.net_mass)
        for item, valuation in valued
        if valuation is not None and item.net_mass
    ]
    files = Case.objects.filter(trader_tin=case.trader_tin, lodged_at__gte=case.lodged_at - YEAR).exclude(mrn=case.mrn)
    latest = list(files.filter(lodged_at__lt=case.lodged_at).order_by("-pk").values_list("declaration", flat=True)[
        :EARLIER_FILES])  # fmt: skip
    codes = {code for _number, code, _value, _mass in items}
    earlier: dict[str, list[Decimal]] = {}
    for _number, code, value, mass in _valued(Item.objects.filter(declaration__in=latest, commodity_code__in=codes)):
        earlier.setdefault(code, []).append(value / mass)
    return [_beside(*item, earlier.get(item[1], [])) for item in items]


def _valued(items: Any) -> list[tuple[int, str, Decimal, Decimal]]:
    rows = items.values_list("number", "commodity_code", "valuation__customs_value", "net_mass")
    return [(number, code, value, mass) for number, code, value, mass in rows if value is not None and mass]


def _beside(number: int, code: str, value: Decimal, mass: Decimal, earlier: Sequence[Decimal]) -> ValueBeside:
    typical = median(earlier) if earlier else None
    per_kg = value / mass
    return ValueBeside(
        number, code, value, per_kg, typical, len(earlier), per_kg / typical * 100 if typical else None
    )  # fmt: skip


# The audit of a company ---------------------------------------------------------------------------------------
def without_lead(audits: Sequence[CompanyAudit], *, on: date) -> frozenset[int]:
    """Keys of open audits whose lead may no longer work in the office: a supervisor gives them to somebody else."""
    leads = {each.lead_id for each in audits if each.is_open}
    held = OfficerRole.objects.on(on).filter(user__in=leads, user__is_active=True, role__in=sorted(LANES_OF))
    works = set(held.values_list("user_id", "office__code")) if leads else set()
    gone = (
        each for each in audits if each.is_open and not works & {(each.lead_id, None), (each.lead_id, each.office_code)}
    )
    return frozenset(each.pk for each in gone)


def frame_of(audit: CompanyAudit, *, as_of: datetime) -> list[Filed]:
    """The files of the company in the period as they stood at a moment: a file's rows never change once it is closed.

    So the frame of a draw can be read again at any time, whatever was corrected since.
    """
    rows = Case.objects.filter(
        trader_tin=audit.company.tin, closed_as__in=RELEASED, closed_at__lte=as_of,
        lodged_at__date__gte=audit.period_from, lodged_at__date__lte=audit.period_to,
    )  # fmt: skip
    if audit.office_code:
        rows = rows.filter(office_code=audit.office_code)
    newest = rows.order_by("mrn", "-pk").distinct("mrn").values_list("mrn", "lane", "customs_value")
    return [Filed(mrn, lane, value or ZERO) for mrn, lane, value in newest]


def drawn_again(audit: CompanyAudit) -> Sample:
    """The draw made once more from the seed and the frame as it was: who doubts the sample compares the two."""
    assert audit.drawn_at is not None, "nothing was drawn"
    frame = frame_of(audit, as_of=audit.drawn_at)
    return draw(frame, seed=audit.seed, by_value=audit.by_value, by_lot=audit.by_lot)


def is_same_sample(audit: CompanyAudit, again: Sample, parts: Sequence[Audit]) -> bool:
    """Whether a draw made again has the recorded frame and every file that became a part."""
    return again.frame_hash == audit.frame_hash and {each.filed.mrn for each in again.drawn} >= {
        part.mrn for part in parts
    }


def parts_of(audit: CompanyAudit) -> list[Audit]:
    """The drawn files of an audit, in the order of the draw."""
    return list(audit.parts.select_related("officer", "case__declaration").order_by("mrn"))


def parts_open(audit: CompanyAudit) -> int:
    """How many drawn files are not done."""
    return int(audit.parts.exclude(status__in=Audit.ENDS).count())


@dataclass(frozen=True)
class Totals:
    """What the files of a company's audit came to; `projected` informs and no more, None until all are done."""

    files: int
    done: int
    wrong: int
    value: Decimal
    duties: Decimal
    fines: Decimal
    projected: Decimal | None


def totals_of_parts(audit: CompanyAudit, parts: Sequence[Audit], effects: dict[int, Effect]) -> Totals:
    """Sums over the parts; what the whole frame would come to is estimated from those drawn by value."""
    none = Effect(0, ZERO, ZERO)
    done = [part for part in parts if part.status == Audit.Status.CLOSED]
    by_value = [
        (part.drawn_how, part.customs_value or ZERO, effects.get(part.pk, none).duties)
        for part in parts
        if part.drawn_how != Audit.How.LOT
    ]
    complete = bool(by_value) and len(done) == len(parts) and audit.interval is not None
    return Totals(
        files=len(parts),
        done=len(done),
        wrong=sum(1 for part in done if part.found),
        value=sum((part.customs_value or ZERO for part in parts), ZERO),
        duties=sum((each.duties for each in effects.values()), ZERO),
        fines=sum((each.fines for each in effects.values()), ZERO),
        projected=projected(by_value, interval=audit.interval or ZERO) if complete else None,
    )


# What is to be done -------------------------------------------------------------------------------------------
def due_to_open(*, on: date, limit: int) -> list[Audit]:
    """Audits to come whose day has come."""
    return list(Audit.objects.filter(status=Audit.Status.WAITING, opens_on__lte=on).order_by("opens_on", "pk")[:limit])


def blue_without_audit(*, at: datetime, limit: int) -> list[Case]:
    """Files released blue in the last two days that no audit waits for, though their office has a term."""
    terms = set(AuditTerm.objects.on(timezone.localdate(at)).values_list("office_code", flat=True))
    if not terms:
        return []
    rows = Case.objects.filter(closed_as=Case.End.RELEASED, closed_at__gte=at - LOOK_BACK, lane=Lane.BLUE)
    if "" not in terms:
        rows = rows.filter(office_code__in=terms)
    known = Audit.objects.filter(mrn=OuterRef("mrn"))
    return list(rows.exclude(Exists(known)).order_by("pk")[:limit])


def held_audits_without_role(*, on: date, limit: int) -> list[Audit]:
    """Audits whose officer may no longer act in their office: the role has ended, or the person has left."""
    here = OfficerRole.objects.on(on).filter(
        Q(office=None) | Q(office__code=OuterRef("office_code")), user=OuterRef("officer"), user__is_active=True,
        role__in=sorted(LANES_OF),
    )  # fmt: skip
    held = Audit.objects.filter(status__in=(Audit.Status.PLANNED, Audit.Status.UNDERWAY), officer__isnull=False)
    return list(held.exclude(Exists(here)).order_by("pk")[:limit])

"""The gate: a draft is judged, numbered, kept as it was lodged, and assessed, in one transaction.

The trader's own reference makes it safe to repeat: lodging it again returns what was lodged first.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.followups import announce
from declarations import assessment, facts, rules
from declarations.facts import Case
from declarations.models import Declaration, Snapshot, Status, StockAccount
from declarations.selectors import Content, canonical, content_of, lodged_under
from declarations.services import quotas, stock
from declarations.services.content import fill, insert, read_document
from declarations.services.drafts import new_draft, with_declarant
from declarations.services.history import lock
from declarations.services.items import forget_removed
from declarations.services.numbering import Number, give_number
from declarations.services.repeated import refuse_other_content
from declarations.services.search_index import index
from declarations.states import Step, walk
from lib.bulk import insert_rows
from lib.violations import Rejected, refuse
from tariffs.calculation import Assessment, assess
from traders.models import Company


@dataclass(frozen=True, slots=True)
class Lodging:
    """What lodging led to. `repeated`: the reference had been lodged before, nothing new was made.

    `content` is what was lodged now.
    """

    declaration: Declaration
    repeated: bool
    content: Content | None = None


def lodge(declaration: Declaration, *, on: date, at: datetime, by: User) -> Declaration:
    """Lodge a draft: numbered, assessed, and unchangeable from now on. Raises Rejected with all that is wrong.

    `on` becomes the date whose law applies. If the declarant lodged the same reference with the same content before,
    that declaration is returned and this draft stays as it is; with other content Conflict is raised (S018).
    """
    return lodge_once(declaration, on=on, at=at, by=by).declaration


@transaction.atomic
def lodge_once(declaration: Declaration, *, on: date, at: datetime, by: User) -> Lodging:
    """As `lodge`, and says whether it had been lodged before."""
    locked = lock(declaration.pk)
    if locked.status != Status.DRAFT:
        return Lodging(locked, repeated=True)
    if locked.is_template:
        raise refuse("F063", "", _("This is a template. File from it; it is not lodged itself."))
    if locked.amends_id is not None:
        raise refuse("S021", "", _("This is an amendment of a lodged declaration. It is sent, not lodged."))
    earlier = _lodged_before(locked.declarant, locked.lrn)
    if earlier is not None:
        refuse_other_content(earlier, content_of(locked))
        return Lodging(earlier, repeated=True)
    content = content_of(locked)
    quotas.hold(content, on=on)
    case, assessed = judge(content, on=on, today=on, held=stock.hold(content))
    accept(case, assessed, number=_number(case, on), at=at, by=by)
    forget_removed(locked)
    return Lodging(locked, repeated=False, content=content)


@transaction.atomic
def lodge_at_once(
    *,
    declarant: Company,
    data: Mapping[str, Any],
    on: date,
    at: datetime,
    by: User,
    source: str = Declaration.Source.API,
    kept: Sequence[Any] = (),
) -> Lodging:
    """Make and lodge a declaration in one go. Raises Rejected or Conflict as `lodge`, and then nothing is kept."""
    read = read_document(with_declarant(data, declarant))
    earlier = _lodged_before(declarant, read.header.values["lrn"])
    if earlier is not None:
        new = new_draft(declarant=declarant, by=by, at=at, source=source)
        refuse_other_content(earlier, fill(new, read, by=by, at=at))
        return Lodging(earlier, repeated=True)
    content = fill(new_draft(declarant=declarant, by=by, at=at, source=source, kept=kept), read, by=by, at=at)
    quotas.hold(content, on=on)
    case, assessed = judge(content, on=on, today=on, held=stock.hold(content))
    insert_rows([content.declaration])
    insert(content)
    accept(case, assessed, number=_number(case, on), at=at, by=by)
    return Lodging(content.declaration, repeated=False, content=content)


def judge(
    content: Content, *, on: date, today: date, held: Sequence[StockAccount] | None = None
) -> tuple[Case, Assessment]:
    """The case and its assessment. Raises Rejected if any rule is violated or a rate lacks what it needs.

    `held` are the stock accounts that the caller holds and has read for this content.
    """
    case = facts.gather(content, on=on, today=today, stock=held)
    assessed = assess(facts.consignment(content), case.law)
    violations = rules.violations(case, assessed)
    if violations:
        raise Rejected(violations)
    return case, assessed


def accept(case: Case, assessed: Assessment, *, number: Number, at: datetime, by: User | None) -> None:
    """Number, snapshot, LODGED; valuations and charges, draws on quotas and stock, ASSESSED."""
    content = case.content
    declaration = content.declaration
    columns = {
        "mrn": number.mrn,
        "registration_year": number.year,
        "registration_series": number.series,
        "registration_number": number.serial,
        "tax_date": case.on,
        "lodged_at": at,
        "trader": case.trader,
        "version": declaration.version,
        "stands_as": declaration.stands_as,
        "updated_by": by,
        "customs_value": sum(value.customs_value for value in assessed.values),
        "payable": assessed.payable,
        "guaranteed": assessed.guaranteed,
    }
    steps = (Step(Status.LODGED, "lodge"), Step(Status.ASSESSED, "assess"))
    walk(declaration, steps, by=by, at=at, filling=columns)
    _keep_snapshot(content, at=at)
    index(content)
    assessment.store(content, assessed)
    quotas.draw(declaration, assessed.draws, on=case.on, at=at)
    stock.draw(case, by=by, at=at)
    if not declaration.stands_as:
        announce("declaration.assessed", declaration.pk)


def _number(case: Case, on: date) -> Number:
    header = case.content.declaration
    return give_number(
        office_code=header.office_code,
        declaration_type=header.declaration_type,
        country=case.territory.code,
        year=on.year,
    )


def _keep_snapshot(content: Content, *, at: datetime) -> None:
    declaration = content.declaration
    document = {
        "mrn": declaration.mrn,
        "version": declaration.version,
        "customs_number": declaration.customs_number,
        "tax_date": declaration.tax_date,
        **canonical(content),
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()
    insert_rows([Snapshot(declaration=declaration, content=text, sha256=digest, at=at)])


def _lodged_before(declarant: Company, lrn: str) -> Declaration | None:
    """What was lodged under the reference. Others who lodge it in this moment wait until this transaction ends."""
    if not lrn:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_LODGED_BEFORE, [f"lrn|{declarant.pk}|{lrn}", declarant.pk, lrn, Status.DRAFT])
        return lodged_under(declarant_id=declarant.pk, lrn=lrn) if cursor.fetchone() else None


# The second statement sees what was committed while the first one waited.
_LODGED_BEFORE = """
SELECT pg_advisory_xact_lock(hashtextextended(%s, 0));
SELECT 1 FROM declarations_declaration WHERE declarant_id = %s AND lrn = %s AND status <> %s LIMIT 1
"""

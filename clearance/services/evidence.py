"""What an examination gathers: photographs, samples with their results, who was there and signed.

Each carries the key of its form or phone, so that what a poor line sends twice is there once.
"""

import hashlib
import uuid
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import end_phone_links
from clearance.models import Case, Examination, ExaminationPhoto, Finding, Presence, Sample
from clearance.selectors import acts_in_office
from clearance.selectors.evidence import PHOTOS
from clearance.services.examine import examination_to_work_on, write_finding
from clearance.services.gate import needed, not_linked
from declarations.services import lock, record
from lib.pictures import small_picture
from lib.violations import Conflict, Violation, refuse

PHOTOS_AT_MOST = 60
SAMPLES_AT_MOST = 40
PEOPLE_AT_MOST = 20


@transaction.atomic
def keep_facts(
    examination: Examination, *, place: str, containers: str, seals: str, seals_put: str, by: User, at: datetime
) -> Examination:
    """Where it is, which containers, which seals were found and put on. Raises Rejected: C001 to C003, C022."""
    _case, current = examination_to_work_on(examination, by=by, at=at)
    facts = {"place": place, "containers": containers, "seals": seals, "seals_put": seals_put}
    for name, text in facts.items():
        setattr(current, name, " ".join(text.split()))
    current.save(update_fields=list(facts))
    return current


def end_photo_links(examination: Examination, *, by: User, at: datetime) -> None:
    """The links by which phones send photographs for `by` hold no more; a new one does."""
    end_phone_links(PHOTOS, subject=examination.pk, by=by, at=at)


@transaction.atomic
def keep_photo(examination: Examination, *, content: bytes, key: uuid.UUID, by: User, at: datetime) -> ExaminationPhoto:
    """A photograph, made small and without what the camera wrote of place and owner; once for each key.

    Raises Rejected: C001 to C003, C022 finished, C086 too many, F001 to F003 and F005 for what is no whole picture.
    """
    _case, current = examination_to_work_on(examination, by=by, at=at)
    known: ExaminationPhoto | None = ExaminationPhoto.objects.filter(key=key).first()
    if known is not None:
        _same(known.examination_id, current)
        return known
    if ExaminationPhoto.objects.filter(examination=current).count() >= PHOTOS_AT_MOST:
        raise refuse("C086", "file", _("An examination holds %d photographs at the most.") % PHOTOS_AT_MOST)
    kept = small_picture(content)
    made = ExaminationPhoto(
        examination=current, key=key, size=len(kept), sha256=hashlib.sha256(kept).hexdigest(), by=by, at=at
    )
    made.file.save(f"{current.pk}/{uuid.uuid4().hex}", ContentFile(kept), save=False)
    made.save(force_insert=True)
    return made


@transaction.atomic
def take_sample(
    examination: Examination,
    *,
    key: uuid.UUID,
    item_number: int,
    number: str,
    quantity: str,
    laboratory: str,
    question: str,
    by: User,
    at: datetime,
) -> Sample:
    """A sample for a laboratory. Raises Rejected: C001 to C003, C005, C022, C023 no such item, C086 too many."""
    case, current = examination_to_work_on(examination, by=by, at=at)
    known: Sample | None = Sample.objects.filter(key=key).first()
    if known is not None:
        _same(known.examination_id, current)
        return known
    if Sample.objects.filter(examination=current).count() >= SAMPLES_AT_MOST:
        raise refuse("C086", "", _("An examination holds %d samples at the most.") % SAMPLES_AT_MOST)
    if item_number and not case.declaration.items.filter(number=item_number).exists():
        raise refuse("C023", "item_number", _("There is no item %d.") % item_number)
    said = {"number": number, "quantity": quantity, "laboratory": laboratory, "question": question}
    sentence = _("Say by which number the sample is known, how much was taken, by whom and for what it is tested.")
    texts = {name: needed(text, pointer=name, sentence=sentence) for name, text in said.items()}
    made: Sample = Sample.objects.create(
        examination=current, key=key, item_number=item_number, taken_by=by, taken_at=at, **texts
    )
    record(case.declaration, verb="sample", by=by, at=at, data={"sample": made.number, "text": made.laboratory})
    return made


@transaction.atomic
def record_sample_result(
    sample: Sample, *, conforms: bool, result: str, code: str = "", by: User, at: datetime
) -> Sample:
    """What the laboratory says, once, by an officer of the office; what does not conform is a finding to be settled.

    On a file that is closed an examination after release is begun for it. Raises Rejected: C002, C005, C008, C024,
    C087 recorded already.
    """
    case, current = _sample_to_judge(sample, by=by, at=at)
    result = needed(result, pointer="result", sentence=_("Write what the laboratory says."))
    finding = None
    if not conforms:
        if code not in Finding.Code.values or code == Finding.Code.CONFORM:
            raise refuse("C024", "code", _("Choose what differs."))
        examination = _examination_for(case, by=by, at=at)
        finding = write_finding(
            examination, case, Finding(item_number=current.item_number, code=code, text=result), by=by, at=at
        )
    current.conforms, current.result, current.finding = conforms, result, finding
    current.result_by, current.result_at = by, at
    current.save(update_fields=["conforms", "result", "finding", "result_by", "result_at"])
    data = {"sample": current.number, "text": result}
    record(case.declaration, verb="sample_result", by=by, at=at, data=data)
    return current


@transaction.atomic
def record_presence(
    examination: Examination,
    *,
    key: uuid.UUID,
    name: str,
    capacity: str,
    signed: str,
    remark: str = "",
    drawing: bytes = b"",
    by: User,
    at: datetime,
) -> Presence:
    """Who was there, and the signature: drawn on the screen, on paper, or refused with the reason that was given.

    Raises Rejected: C001 to C003, C005, C022, C086 too many, C088 no signature, F001 to F005 of the drawing.
    """
    case, current = examination_to_work_on(examination, by=by, at=at)
    known: Presence | None = Presence.objects.filter(key=key).first()
    if known is not None:
        _same(known.examination_id, current)
        return known
    if Presence.objects.filter(examination=current).count() >= PEOPLE_AT_MOST:
        raise refuse("C086", "", _("An examination names %d persons at the most.") % PEOPLE_AT_MOST)
    made = Presence(examination=current, key=key, capacity=capacity, signed=signed, by=by, at=at)
    made.name = needed(name, pointer="name", sentence=_("Write the name."))
    made.remark = remark.strip()
    if signed == Presence.Signed.REFUSED:
        needed(remark, pointer="remark", sentence=_("Say why the person did not sign."))
    if signed == Presence.Signed.DRAWN:
        if not drawing:
            raise refuse("C088", "drawing", _("Sign in the field, or say that it was signed on paper or refused."))
        made.signature.save(f"{current.pk}/{uuid.uuid4().hex}", ContentFile(small_picture(drawing)), save=False)
    made.save(force_insert=True)
    record(case.declaration, verb="presence", by=by, at=at, data={"text": made.name})
    return made


def _same(known: int, examination: Examination) -> None:
    if known != examination.pk:
        sentence = _("This was sent before for another examination. Open the page again and repeat it.")
        raise Conflict([Violation("C043", "", sentence)])


def _sample_to_judge(sample: Sample, *, by: User, at: datetime) -> tuple[Case, Sample]:
    declaration = lock(sample.examination.case.declaration_id)
    current: Sample = Sample.objects.select_related("examination__case").get(pk=sample.pk)
    case = current.examination.case
    case.declaration = declaration
    if not acts_in_office(by, case.office_code, on=timezone.localdate(at)):
        raise refuse("C002", "", _("You may not decide about files of this office."))
    not_linked(case, by, pointer="")
    if current.result_at is not None:
        raise refuse("C087", "", _("The result of this sample was recorded already."))
    return case, current


def _examination_for(case: Case, *, by: User, at: datetime) -> Examination:
    """The examination that a late finding belongs to: one that is under way on the file, else a new one."""
    under_way = Examination.objects.filter(case__declaration__mrn=case.mrn, finished_at=None).order_by("pk").first()
    if under_way is not None:
        return under_way
    kind = Examination.Kind.DOCUMENTS if case.closed_at is None else Examination.Kind.AUDIT
    made = Examination.objects.create(case=case, kind=kind, officer=by, started_at=at)
    record(case.declaration, verb="examine", by=by, at=at, data={"examination": made.pk, "kind": made.kind})
    return made

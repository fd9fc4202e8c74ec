"""Drafts: made, saved whole, copied, thrown away. A draft may be as incomplete as it likes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from declarations import facts
from declarations.models import Beginning, Declaration, Event, Template
from declarations.selectors import canonical, content_of, with_keys
from declarations.services import printed
from declarations.services.carried_scans import take_scans
from declarations.services.carrying import Carried, for_a_copy
from declarations.services.content import SCANS, clear, fill, insert, read_document
from declarations.services.history import lock_draft
from declarations.services.identity import judge_identity, standing_in
from declarations.services.numbering import fresh_reference
from declarations.services.scans import forget_scan
from lib.pointers import part_of
from traders.models import Company


def new_draft(*, declarant: Company, by: User, at: datetime, source: str, kept: Sequence[Any] = ()) -> Declaration:
    """An empty draft of the declarant, not yet written."""
    return Declaration(
        declarant=declarant, source=source, kept=list(kept), created_by=by, created_at=at, updated_by=by, updated_at=at
    )


def with_declarant(data: Mapping[str, Any], declarant: Company) -> dict[str, Any]:
    """The document with box 14 filled from the company that files, where it says nothing."""
    known = {
        "declarant_code": declarant.tin,
        "declarant_name": "\n".join(filter(None, [declarant.name, declarant.address])),
    }
    return {**data, **{name: data.get(name) or text for name, text in known.items()}}


@transaction.atomic
def create_draft(
    *,
    declarant: Company,
    by: User,
    at: datetime,
    source: str = Declaration.Source.BROWSER,
    data: Mapping[str, Any] | None = None,
    kept: Sequence[Any] = (),
) -> Declaration:
    """A new draft, with content if `data` (canonical JSON) is given. Raises Rejected for faults of shape."""
    read = read_document(with_declarant(data or {}, declarant))
    content = fill(new_draft(declarant=declarant, by=by, at=at, source=source, kept=kept), read, by=by, at=at)
    content.declaration.save(force_insert=True)
    insert(content)
    return content.declaration


@transaction.atomic
def save_draft(declaration: Declaration, *, data: Mapping[str, Any], by: User, at: datetime) -> Declaration:
    """Replace the draft's whole content by canonical JSON. Raises Rejected if it is no draft or the shape is wrong."""
    locked = lock_draft(declaration.pk)
    read = read_document(standing_in(locked.amends, data) if locked.amends else data)
    if locked.amends:
        judge_identity(locked.amends, read, data)
    content = fill(locked, read, by=by, at=at)
    clear(locked)
    locked.save(force_update=True)
    insert(content)
    return locked


@transaction.atomic
def patch_draft(declaration: Declaration, *, data: Mapping[str, Any], by: User, at: datetime) -> Declaration:
    """Replace only the named header fields and lists."""
    locked = lock_draft(declaration.pk)
    held = {key: text for key, text in locked.held.items() if part_of(key) not in data}
    return save_draft(locked, data={**with_keys(content_of(locked)), "held": held, **data}, by=by, at=at)


@transaction.atomic
def copy(declaration: Declaration, *, declarant: Company, by: User, at: datetime) -> Declaration:
    """A new draft with the content of an earlier declaration that holds for the next one, as `carrying` says.

    It gets a reference of its own and the day of `at`; its `beginning` names the earlier one and what was left out.
    Scans of papers that hold come along where the same company files again; those that do not are said there too.
    """
    on = timezone.localdate(at)
    data = canonical(content_of(declaration))
    carried = for_a_copy(data, declaration.held, types=facts.document_types(on=on), on=on)
    draft = begin_draft(carried, declarant=declarant, by=by, at=at, earlier=declaration)
    draft.beginning.left_out += take_scans(
        draft, earlier=declaration, before=data["items"], items=carried.data["items"], by=by, at=at
    )
    draft.beginning.save(update_fields=["left_out"])
    return draft


def declared(declaration: Declaration) -> dict[str, Any]:
    """The content of a declaration without the files that hang on it."""
    data = canonical(content_of(declaration))
    for item in data["items"]:
        for paper in item["documents"]:
            for name in SCANS:
                paper.pop(name, None)
    return data


def begin_draft(
    carried: Carried,
    *,
    declarant: Company,
    by: User,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
    earlier: Declaration | None = None,
    template: Template | None = None,
) -> Declaration:
    """A draft of what is carried over, with `changes` to its fields and lists, and the note of how it began."""
    on = timezone.localdate(at)
    fresh = {"lrn": fresh_reference(on), "declaration_date": on.isoformat()}
    changed = dict(changes or {})
    held = {key: text for key, text in carried.held.items() if part_of(key) not in changed}
    data = {**carried.data, **fresh, "held": held, **changed}
    draft = create_draft(declarant=declarant, by=by, at=at, source=Declaration.Source.COPY, data=data)
    Beginning.objects.create(declaration=draft, earlier=earlier, template=template, left_out=carried.left_out)
    return draft


@transaction.atomic
def discard_draft(declaration: Declaration, *, by: User, at: datetime) -> None:
    """Delete a draft with all its parts and files."""
    locked = lock_draft(declaration.pk)
    clear(locked)
    Event.objects.filter(declaration=locked).delete()
    printed.forget_all(locked)
    for stored in locked.files.all():
        forget_scan(stored)
    locked.delete()

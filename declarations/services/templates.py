"""Templates of a company: made, named, filed from. Their content is filled in by the form, as that of a draft is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from declarations import facts
from declarations.models import Declaration, Template
from declarations.reading import clean
from declarations.services.carrying import for_a_copy, for_a_template
from declarations.services.content import fill, insert, read_document
from declarations.services.drafts import begin_draft, declared, discard_draft, new_draft
from lib.spelling import seen
from lib.violations import refuse
from traders.models import Company

MOST = 200
LONGEST_NAME = 80


@transaction.atomic
def make_template(
    company: Company,
    *,
    name: str,
    by: User,
    at: datetime,
    source: Declaration | None = None,
    data: Mapping[str, Any] | None = None,
) -> Template:
    """A template of `company` from a draft or declaration, from `data` (canonical JSON), or from nothing.

    Raises Rejected: F060 without a name, F061 one that is taken, F062 too many, and for faults of shape.
    """
    title = _title(name, company)
    if Template.objects.filter(company=company).count() >= MOST:
        sentence = _("A company keeps {limit} templates at the most. Delete one that nobody uses.")
        raise refuse("F062", "name", sentence.format(limit=MOST))
    on = timezone.localdate(at)
    content = declared(source) if source else dict(data or {})
    held = source.held if source else {}
    if not source:
        read_document(content)  # A document of a wrong shape is refused before it is looked through.
    carried = for_a_template(content, held, types=facts.document_types(on=on), on=on)
    filled = fill(
        new_draft(declarant=company, by=by, at=at, source=Declaration.Source.TEMPLATE),
        read_document({**carried.data, "held": carried.held}),
        by=by,
        at=at,
    )
    filled.declaration.save(force_insert=True)
    insert(filled)
    return Template.objects.create(declaration=filled.declaration, company=company, name=title)


@transaction.atomic
def rename_template(template: Template, *, name: str) -> Template:
    """Another name for the template. Raises Rejected F060, F061."""
    locked = Template.objects.select_for_update(of=("self",)).select_related("company").get(pk=template.pk)
    locked.name = _title(name, locked.company, but=locked)
    locked.save(update_fields=["name"])
    return locked


@transaction.atomic
def delete_template(template: Template, *, by: User, at: datetime) -> None:
    """Delete the template with its content. What was filed from it stays."""
    discard_draft(template.declaration, by=by, at=at)


@transaction.atomic
def file_from(
    template: Template,
    *,
    declarant: Company,
    by: User,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
) -> Declaration:
    """A draft of the template's content, `changes` instead of its fields and lists, for `declarant` to file.

    Papers in the template that no longer hold on the day of `at` are left out and said in its `beginning`.
    Raises Rejected for faults of shape.
    """
    on = timezone.localdate(at)
    content = Declaration.objects.get(pk=template.declaration_id)
    carried = for_a_copy(declared(content), content.held, types=facts.document_types(on=on), on=on)
    draft = begin_draft(carried, declarant=declarant, by=by, at=at, changes=changes, template=template)
    Template.objects.filter(pk=template.pk).update(times_used=F("times_used") + 1, last_used_at=at)
    return draft


def _title(name: str, company: Company, *, but: Template | None = None) -> str:
    """The name as it is kept. Others who name a template of the company wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"templates|{company.pk}"])
    title = " ".join(seen(clean(name)).split())
    if not title:
        raise refuse("F060", "name", _("Give the template a name."))
    if len(title) > LONGEST_NAME:
        raise refuse("F060", "name", _("The name may have {limit} characters.").format(limit=LONGEST_NAME))
    taken = Template.objects.filter(company=company, name__iexact=title)
    if (taken.exclude(pk=but.pk) if but else taken).exists():
        raise refuse("F061", "name", _("The company has a template of this name. Choose another one."))
    return title

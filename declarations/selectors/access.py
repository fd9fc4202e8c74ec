"""Who sees which declaration, and who may prepare it: the access gate of every door."""

import uuid
from collections.abc import Sequence
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.selectors import posts_of
from declarations.models import Declaration, Item, Status, StoredFile
from declarations.models.declaration import DeclarationQuerySet
from declarations.selectors.numbers import of_number
from declarations.selectors.served import PREPARE, templates_of
from traders.models import Company
from traders.selectors import companies_of, company_keys_of

# What a trader does with a declaration, by the verb of its row of history.
TRADER_STEPS = frozenset(
    {"create", "lodge", "amend", "pay", "answer", "cancel", "ask_extension", "send_correction", "withdraw_correction",
     "accept_proposal", "contest_proposal", "contest_fine", "claim_refund", "withdraw_refund",
     "pay_part", "pay_link", "pay_link_withdrawn"}
)  # fmt: skip
PARTIES = ("exporter_code", "consignee_code", "financial_code", "declarant_code", "principal_code")


def visible_to(user: User, *, on: date) -> DeclarationQuerySet:
    """Declarations that `user` may see on the day; for anybody else they do not exist.

    Members of the declarant see theirs, drafts too, but no templates, which are no declarations; members of the trader
    see those lodged for it; officers see lodged ones of their offices, auditors and analysts all lodged ones, and all
    of these what was sent to them or is being proposed by the office.
    """
    companies = company_keys_of(user, on=on)
    lodged, ours = ~Q(status=Status.DRAFT), Q(source=Declaration.Source.PROPOSAL)
    drafts = ~Q(source__in=(Declaration.Source.PROPOSAL, Declaration.Source.TEMPLATE))
    theirs = Q(declarant_id__in=companies) & (lodged | drafts) | Q(trader_id__in=companies) & lodged
    may = theirs if companies else Q(pk__in=[])
    shown = lodged | ours | Q(sent_at__isnull=False)
    return Declaration.objects.filter(may | (posts_of(user, on=on).within() & shown))


def declaration_for(user: User, key: str | uuid.UUID, *, on: date) -> Declaration:
    """The declaration with this public id, MRN or customs number (its newest version), if `user` may see it.

    Raises Declaration.DoesNotExist otherwise.
    """
    visible = visible_to(user, on=on).select_related("declarant", "trader", "amends")
    public_id = _as_uuid(key)
    if public_id is not None:
        return visible.get(public_id=public_id)
    newest = visible.filter(of_number(str(key))).order_by("-version").first()
    if newest is None:
        raise Declaration.DoesNotExist(f"No declaration {key}")
    return newest


def draft_for(user: User, key: str | uuid.UUID, *, on: date) -> Declaration:
    """A declaration of a company for which `user` may prepare (owner or preparer), the officer's own proposal, or the
    content of a template that `user` may change.

    Raises DoesNotExist otherwise.
    """
    public_id = _as_uuid(key)
    if public_id is None:
        raise Declaration.DoesNotExist(f"No declaration {key}")
    rows = Declaration.objects.select_related("declarant", "trader", "amends")
    proposal = Q(status=Status.DRAFT, source=Declaration.Source.PROPOSAL)
    template = Q(source=Declaration.Source.TEMPLATE)
    theirs = Q(declarant__in=companies_of(user, *PREPARE, on=on)) & ~proposal & ~template
    own_proposal = proposal & Q(created_by=user) & posts_of(user, on=on).within()
    found = rows.filter(theirs | own_proposal, public_id=public_id).first()
    if found is not None:
        return found
    return rows.get(template, pk__in=templates_of(user, on=on).values("declaration_id"), public_id=public_id)


def draft_for_holder(key: uuid.UUID, person_pk: int, *, on: date) -> tuple[Declaration, User]:
    """The draft that a link opens, and the person whose right it uses. Raises DoesNotExist if either is gone."""
    by = User.objects.filter(pk=person_pk, is_active=True).first()
    if by is None:
        raise Declaration.DoesNotExist(f"No person {person_pk}")
    return draft_for(by, key, on=on), by


def rows_visible_to(user: User, *, on: date) -> QuerySet[Declaration]:
    """Lines of a list: what `user` may see, with the parties and the number of items, in one query."""
    count = Item.objects.filter(declaration=OuterRef("pk")).order_by().values("declaration")
    counted = Coalesce(Subquery(count.annotate(n=Count("pk")).values("n")), 0)
    return (
        visible_to(user, on=on).as_rows().select_related("declarant", "trader", "amends").annotate(item_count=counted)
    )


def may_prepare(user: User, declaration: Declaration, *, on: date) -> bool:
    """Whether `user` may lodge, amend or cancel for the company that files; no template, and no officer's proposal."""
    if declaration.is_template:
        return False
    if declaration.status == Status.DRAFT and declaration.source == Declaration.Source.PROPOSAL:
        return False
    return companies_of(user, *PREPARE, on=on).filter(pk=declaration.declarant_id).exists()


def file_for(user: User, public_id: str | uuid.UUID, *, on: date) -> StoredFile:
    """A stored file of a declaration that `user` may see. Raises StoredFile.DoesNotExist otherwise."""
    known = _as_uuid(public_id)
    if known is None:
        raise StoredFile.DoesNotExist(f"No file {public_id}")
    visible = visible_to(user, on=on)
    return StoredFile.objects.select_related("declaration").get(public_id=known, declaration__in=visible)


def _as_uuid(key: str | uuid.UUID) -> uuid.UUID | None:
    if isinstance(key, uuid.UUID):
        return key
    try:
        return uuid.UUID(key)
    except ValueError:
        return None


def of_party(companies: Sequence[Company]) -> Q:
    """Declarations to which one of `companies` is a party: it files, it is filed for, or a box names its TIN."""
    keys, tins = [company.pk for company in companies], [company.tin for company in companies]
    named = Q(declarant_id__in=keys) | Q(trader_id__in=keys)
    for field in PARTIES:
        named |= Q(**{f"{field}__in": tins})
    return named

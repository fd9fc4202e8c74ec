"""Drafts of amendments: a copy of a lodged version that is edited as any draft and then takes its place, or not.

They are sent by clearance, which knows whose consent they need and moves the money; `lodge` refuses them.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from declarations.models import Declaration, Status
from declarations.selectors import canonical, content_of, with_keys
from declarations.services.content import fill, insert, read_document
from declarations.services.drafts import new_draft
from declarations.services.history import lock, lock_for
from declarations.services.identity import standing_in
from lib.violations import refuse


@transaction.atomic
def begin_amendment(
    version: Declaration, *, source: str, by: User, at: datetime, like: Declaration | None = None
) -> Declaration:
    """A draft with the content of the version, or of `like`, an earlier draft on the same declaration.

    `source` tells the trader's from the office's: each has one at the most, and the second call returns it. Raises
    Rejected (S011) if the version cannot be replaced any more.
    """
    sentence = _("This declaration is {status} and can no longer be amended.")
    old = lock_for(version.pk, Status.SUPERSEDED, sentence=sentence)
    begun = begun_on(old, source=source)
    if begun is not None and begun.pk != (like.pk if like else None):
        return begun
    if begun is not None:
        raise refuse("S023", "", _("This amendment builds on the version that counts. Go on with it."))
    data = with_keys(content_of(like or old)) | {"held": like.held if like else {}}
    draft = new_draft(declarant=old.declarant, by=by, at=at, source=source, kept=old.kept)
    draft.amends, draft.trader = old, old.trader
    content = fill(draft, read_document(standing_in(old, data)), by=by, at=at)
    draft.save(force_insert=True)
    insert(content)
    return draft


def begun_on(version: Declaration, *, source: str) -> Declaration | None:
    """The draft of an amendment that was begun on the version and not sent."""
    drafts = Declaration.objects.filter(amends=version, source=source, status=Status.DRAFT, sent_at=None)
    return drafts.select_related("declarant", "trader", "amends").first()


def pass_on(draft: Declaration, *, by: User, at: datetime) -> Declaration:
    """Somebody else goes on writing it. The caller holds the transaction and the lock of what it amends."""
    locked = lock(draft.pk)
    locked.created_by, locked.updated_at = by, at
    locked.save(update_fields=["created_by", "updated_at"])
    return locked


def set_aside(draft: Declaration, *, at: datetime) -> Declaration:
    """Sent: from now on the draft does not change. The caller holds the transaction and the lock of what it amends."""
    locked = lock(draft.pk)
    if locked.sent_at is None:
        Declaration.objects.filter(pk=locked.pk).update(sent_at=at, updated_at=at)
        locked.sent_at = locked.updated_at = at
    return locked


def changes_nothing(draft: Declaration) -> bool:
    """Whether the draft declares just what the version declares that it amends."""
    assert draft.amends is not None, "only an amendment is compared"
    return canonical(content_of(draft)) == canonical(content_of(draft.amends))

"""What programs are told of: the names of the events in the feed and in webhooks. They never change their meaning."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """An event of a declaration, under the name that programs know it by."""

    ASSESSED = "declaration.assessed", _("lodged and assessed")
    PAID = "declaration.paid", _("paid or secured")
    RELEASED = "declaration.released", _("released")
    REJECTED = "declaration.rejected", _("rejected")
    CANCELLED = "declaration.cancelled", _("cancelled")
    AMENDED = "declaration.amended", _("replaced by a new version")
    EXITED = "declaration.exited", _("exit confirmed")
    QUERY_ASKED = "query.asked", _("question of an officer")
    QUERY_ANSWERED = "query.answered", _("question answered")
    PROPOSAL_MADE = "proposal.made", _("correction proposed by an officer")
    CORRECTION_SENT = "correction.sent", _("correction sent")
    CORRECTION_DECIDED = "correction.decided", _("correction decided")
    TEST = "test", _("test, sent by hand")


class Scope(models.TextChoices):
    """What a token lets a program do, as far as the program's rights in its company go."""

    DECLARATIONS_READ = "declarations:read", _("read declarations, charges and papers")
    DECLARATIONS_WRITE = "declarations:write", _("file, amend, cancel and answer")
    PAYMENTS_READ = "payments:read", _("read accounts and payments")
    PAYMENTS_WRITE = "payments:write", _("pay")
    MESSAGES_READ = "messages:read", _("read messages and events")
    MESSAGES_WRITE = "messages:write", _("mark messages as read")

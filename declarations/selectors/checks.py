"""Who may see how history was checked, and the last checks."""

from datetime import date

from accounts.models import Role, User
from accounts.selectors import has_role
from declarations.models import Anchor, HistoryCheck

CHECKS_SHOWN, FAULTS_SHOWN = 10, 200


def may_check_history(user: User, *, on: date) -> bool:
    """Auditors look after history; for nobody else does the page exist."""
    return has_role(user, Role.AUDITOR, on=on)


def last_checks() -> list[HistoryCheck]:
    """The latest first."""
    return list(HistoryCheck.objects.select_related("asked_by").order_by("-pk")[:CHECKS_SHOWN])


def last_anchor() -> Anchor | None:
    """The night's hash that an auditor copies down."""
    return Anchor.objects.order_by("-pk").first()

"""News for officers about themselves."""

from datetime import datetime

from accounts.models import OfficerRole
from notifications.kinds import Kind
from notifications.services.tell import News, People, tell


def role_given(pk: int, *, now: datetime) -> int:
    """To the person who holds it, unless it has ended."""
    role = OfficerRole.objects.select_related("office", "proposal").get(pk=pk)
    if role.ended_at is not None:
        return 0
    params = {"role": role.role, "office": role.office.code if role.office else ""}
    at = role.proposal.decided_at if role.proposal and role.proposal.decided_at else now
    return tell(News(Kind.ROLE, f"role:{pk}", at, params), People(users=[role.user_id]), now=now)

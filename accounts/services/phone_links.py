"""Links for phones, ended before their time by the person who made them."""

from datetime import datetime

from django.db import transaction

from accounts.models import PhoneLinksEnded, User
from lib.phone_links import GOOD_FOR


@transaction.atomic
def end_phone_links(purpose: str, *, subject: object, by: User, at: datetime) -> None:
    """All links that `by` has made for the subject hold no more; those of others stay, and a later one holds.

    What was ended so long ago that its links are past their time anyway is forgotten.
    """
    PhoneLinksEnded.objects.filter(at__lt=at - GOOD_FOR).delete()
    PhoneLinksEnded.objects.update_or_create(purpose=purpose, subject=str(subject), by=by, defaults={"at": at})

"""What the company of a draft used most and last, for its pickers."""

import uuid

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from accounts.requests import person
from declarations import selectors
from declarations.views.gate import draft_of, signed_in

SECONDS = 60


@signed_in
@require_GET
def used(request: HttpRequest, key: uuid.UUID) -> JsonResponse:
    """By code list the codes to stand first; of goods each with what it means today."""
    draft, on = draft_of(request, key), timezone.localdate()
    company = selectors.served_by_draft(person(request), draft, on=on)
    found = dict(selectors.used_codes(company, on=on)) if company else {}
    goods = selectors.used_goods(found.pop(selectors.COMMODITY, []), on=on)
    answer = JsonResponse({"codes": found, "goods": goods})
    patch_cache_control(answer, private=True, max_age=SECONDS)
    return answer

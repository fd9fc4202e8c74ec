"""Tables of goods read for a page: what each row would be as an item, what is proposed, what cannot be read."""

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from declarations.forms import goods, paste
from declarations.forms.meant import law_for
from declarations.views.gate import draft_of, signed_in
from lib.pointers import whole_number
from lib.violations import Rejected


@signed_in
@require_POST
def read_items(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The clipboard's text (`cells`) as items, from the box `column` on; nothing is written.

    `place` is the item (from zero) on which the first of them would lie: a declaration has 999 at the most; `over` how
    many items are there to lie over.
    """
    declaration = draft_of(request, key)
    place, over = (whole_number(request.POST.get(name, "")) or 0 for name in ("place", "over"))
    try:
        found = paste.read_cells(
            request.POST.get("cells", ""),
            field=request.POST.get("column", ""),
            room=goods.MOST_ITEMS - place,
            over=over,
        )
    except Rejected as rejected:
        return JsonResponse({"violations": [fault.as_dict() for fault in rejected.violations]}, status=rejected.status)
    goods.judge(found, law_for(declaration.declarant, on=timezone.localdate()))
    return JsonResponse(found.as_dict())

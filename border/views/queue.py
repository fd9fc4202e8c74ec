"""Who stands at the post and who was announced; the search by code, number, QR or name; a form for somebody."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import person
from border import selectors
from border.forms import FindForm, QueueForm
from border.views.gate import officers_only, powers
from passengers import services as passengers
from passengers.models import PassengerView
from passengers.requests import remember
from tariffs.models import Direction, Way

MOST_SHOWN = 200
REMEMBERED = "travellers_post"


@officers_only
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The queue of a post, by flight, train and lane."""
    at, on, who = timezone.now(), timezone.localdate(), person(request)
    posts = selectors.border_posts(powers(request), on=on)
    post = request.GET.get("post") or request.session.get(REMEMBERED, "")
    post = post if post in posts else next(iter(posts), "")
    request.session[REMEMBERED] = post
    seen = selectors.travellers_for(who, on=on, at=at)
    first = QueueForm(request.GET, posts=posts).asked(post=post, on=on)
    form = QueueForm(
        {"post": post, "day": on, **request.GET.dict()}, posts=posts, carriages=selectors.carriages(seen, first)
    )
    asked = form.asked(post=post, on=on)
    if asked.text:
        passengers.note_view(None, what=PassengerView.What.SEARCH, by=who, at=at, text=asked.text)
    rows = list(selectors.border_queue(seen, asked)[: MOST_SHOWN + 1])
    context = {
        "tab": "queue",
        "form": form,
        "asked": asked,
        "groups": selectors.in_groups(rows[:MOST_SHOWN]),
        "shown": len(rows[:MOST_SHOWN]),
        "more": len(rows) > MOST_SHOWN,
        "counts": selectors.border_counts(seen, asked),
        "powers": powers(request),
        "post_name": posts.get(post, ""),
        "filtered": bool(asked.text or asked.way or asked.carriage or asked.stand),
        "directions": [Direction.ENTRY, Direction.EXIT],
        "ways": Way.choices,
    }
    return render(request, "border/queue.html", context)


@officers_only
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """To the traveller whose code, number or QR was read; other texts are looked for in the queue."""
    form = FindForm(request.GET)
    if not form.is_valid():
        messages.warning(request, _("Scan the QR, or type the code or the number."))
        return redirect("traveller_scan")
    text, at, who = form.cleaned_data["text"], timezone.now(), person(request)
    found = selectors.by_scan(text)
    if found is None:
        messages.warning(request, _("Nobody has this code or number. These are the people of the post."))
        return redirect(f"{reverse('travellers')}?{urlencode({'text': text[:80]})}")
    passengers.note_view(found, what=PassengerView.What.SCAN, by=who, at=at)
    seen = selectors.travellers_for(who, on=timezone.localdate(), at=at)
    if not seen.filter(pk=found.pk).exists():
        messages.warning(request, _("This traveller was taken up at another post."))
        return redirect("travellers")
    return redirect("traveller", key=found.public_id)


@officers_only
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A declaration for somebody without a phone: the same form, under the officer's name."""
    if not powers(request).acts:
        raise Http404
    direction, way = request.POST.get("direction", ""), request.POST.get("way", "")
    if direction not in (Direction.ENTRY, Direction.EXIT) or way not in Way.values:
        messages.warning(request, _("Say whether they enter or leave, and how."))
        return redirect("travellers")
    trip = {
        "direction": direction,
        "way": way,
        "post": request.session.get(REMEMBERED, ""),
        "day": timezone.localdate().isoformat(),
    }
    language = (get_language() or "en")[:2]
    made = passengers.begin(trip=trip, language=language, at=timezone.now(), by=person(request))
    return remember(redirect("travel_question", key=made.public_id, step="trip"), request, made)

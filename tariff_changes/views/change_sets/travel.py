"""The journey of a change set: submitted, sent back, approved, published, withdrawn, taken back by its opposite."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import person
from lib.violations import Rejected
from tariff_changes import services as changes
from tariff_changes.forms.change_sets import OppositeForm
from tariff_changes.models import ChangeSet
from tariff_changes.views.change_sets.gate import View, makers_only, number_in, set_or_404, workers_only
from tariff_changes.views.change_sets.page import shown


def _version(request: HttpRequest) -> int:
    return number_in(request.POST.get("version", ""))


def _verb(act: Callable[[HttpRequest, ChangeSet], str]) -> View:
    """A view that does `act` and says its sentence, or shows the set with what it was refused for."""

    def answer(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            sentence = act(request, set_or_404(pk))
        except Rejected as rejected:
            return shown(request, set_or_404(pk), rejected.violations, status=422)
        messages.success(request, sentence)
        return redirect("change_set", pk)

    return answer


def _submit(request: HttpRequest, held: ChangeSet) -> str:
    changes.submit(held, version=_version(request), by=person(request), at=timezone.now(), on=timezone.localdate())
    return _("The change set is submitted. Another person approves it.")


def _send_back(request: HttpRequest, held: ChangeSet) -> str:
    changes.send_back(held, reason=request.POST.get("reason", ""), by=person(request), at=timezone.now())
    return _("The change set is being prepared again.")


def _approve(request: HttpRequest, held: ChangeSet) -> str:
    done = _approved(request, held)
    if "publish" not in request.POST:
        return _("The change set is approved. It becomes law when it is published.")
    return _publish(request, done)


def _approved(request: HttpRequest, held: ChangeSet) -> ChangeSet:
    return changes.approve(
        held, version=_version(request), by=person(request), at=timezone.now(), on=timezone.localdate()
    )


def _publish(request: HttpRequest, held: ChangeSet) -> str:
    changes.publish(held, by=person(request), at=timezone.now(), on=timezone.localdate())
    return _("The change set is published: it is law from its day on.")


def _withdraw(request: HttpRequest, held: ChangeSet) -> str:
    changes.withdraw(held, by=person(request), at=timezone.now(), reason=request.POST.get("reason", ""))
    return _("The change set is withdrawn. Nothing in the tariff has changed.")


submit = makers_only(require_POST(_verb(_submit)))
send_back = workers_only(require_POST(_verb(_send_back)))
approve = workers_only(require_POST(_verb(_approve)))
publish = workers_only(require_POST(_verb(_publish)))
withdraw = makers_only(require_POST(_verb(_withdraw)))


@makers_only
@require_POST
def opposite(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft that takes a published set back."""
    held = set_or_404(pk)
    form = OppositeForm(request.POST)
    if not form.is_valid():
        return shown(request, held, status=422)
    try:
        made = changes.opposite(
            held, by=person(request), at=timezone.now(), takes_effect=form.cleaned_data["takes_effect"]
        )
    except Rejected as rejected:
        return shown(request, held, rejected.violations, status=422)
    messages.success(request, _("This draft takes the change back. Look at it, then submit it."))
    return redirect("change_set", made.pk)

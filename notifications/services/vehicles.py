"""News for travellers whose vehicle is here for a time: no account, only an address if they left one."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.services.letters import write_letter
from lib.languages import day_text
from lib.short_messages import shortened
from notifications import gateways
from passengers.models import StayExtension, VehicleStay


def vehicle_due(pk: int) -> None:
    """The vehicle has to leave soon. Nothing where it has left; raises what the gateway's absence raises."""
    stay: VehicleStay = VehicleStay.objects.select_related("declaration").get(pk=pk)
    if stay.status != VehicleStay.Status.HERE:
        return
    with translation.override(stay.declaration.language):
        text = _("Customs: the vehicle {plate} has to leave by {day}. If you need more time, ask for it before.")
        _send(stay, text, key=f"vehicle-{pk}-{stay.leave_by}")


def vehicle_extension_decided(pk: int) -> None:
    """An officer has decided on a request for more time."""
    extension: StayExtension = StayExtension.objects.select_related("stay__declaration").get(pk=pk)
    with translation.override(extension.stay.declaration.language):
        granted = _("Customs: more time is granted. The vehicle {plate} has to leave by {day}.")
        refused = _("Customs: more time is refused. The vehicle {plate} has to leave by {day}.")
        text = granted if extension.outcome == StayExtension.Outcome.GRANTED else refused
        _send(extension.stay, text, key=f"extension-{pk}")


def _send(stay: VehicleStay, text: str, *, key: str) -> None:
    """By SMS first: should the gateway be away, nothing was sent and all is tried again."""
    said = text.replace("{plate}", stay.plate).replace("{day}", day_text(stay.leave_by))
    gateway = gateways.connected()
    if stay.phone and gateway is not None:
        gateway.send(stay.phone, shortened(said), key=key)
    if stay.email:
        link = settings.SITE_URL + reverse("travel_resume")
        subject = _("Your vehicle {plate}").replace("{plate}", stay.plate)
        write_letter(to=stay.email, subject=subject, text=f"{said}\n\n{link}\n")

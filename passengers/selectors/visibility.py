"""Which authority sees which field of travellers' declarations: the one table, shown to everybody.

Pages of officers and the files for the financial monitor take their fields from here; a field that is not in the row
of an authority is not read for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Authority(models.TextChoices):
    """Who looks at travellers."""

    POST = "post", _("customs officer at the post")
    MONITOR = "monitor", _("financial monitor")
    ANALYST = "analyst", _("risk analyst")
    TREASURY = "treasury", _("treasury")
    BANK = "bank", _("the bank that takes the payment")
    PHONE = "phone", _("whoever reads the QR code")
    PUBLIC = "public", _("everybody")


@dataclass(frozen=True, slots=True)
class Field:
    """A group of fields as people speak of it; `keys` are its names in files and pages."""

    keys: tuple[str, ...]
    label: str | Promise
    seen_by: frozenset[str]


def _row(label: str | Promise, keys: str, *seen_by: Authority) -> Field:
    return Field(tuple(keys.split()), label, frozenset(seen_by))


_A = Authority
FIELDS: Sequence[Field] = (
    _row(_("names"), "family_name given_name patronymic", _A.POST, _A.MONITOR),
    _row(_("initials"), "initials", _A.POST, _A.MONITOR, _A.PHONE),
    _row(_("date of birth, citizenship, residence"), "birth_date citizenship residence", _A.POST, _A.MONITOR),
    _row(_("document"), "document_number document_country", _A.POST, _A.MONITOR),
    _row(_("address of the stay"), "address", _A.POST, _A.MONITOR),
    _row(
        _("reference, direction, post, validity"), "reference direction post", _A.POST, _A.MONITOR, _A.ANALYST, _A.PHONE
    ),
    _row(_("way of travel, flight, day"), "way carriage day country", _A.POST, _A.MONITOR, _A.ANALYST),
    _row(_("goods, prices, photographs"), "goods photos", _A.POST),
    _row(_("kinds and values of goods without names"), "categories", _A.POST, _A.ANALYST),
    _row(
        _("cash and instruments: kind, currency, amount"),
        "kind instrument currency amount national weight taken_out",
        _A.POST,
        _A.MONITOR,
        _A.ANALYST,
    ),
    _row(
        _("origin, owner, recipient, use, route of cash"),
        "issuer number origin owner purpose recipient via apart",
        _A.POST,
        _A.MONITOR,
    ),
    _row(_("vehicle, plate, VIN"), "vehicle plate vin", _A.POST),
    _row(_("telephone and e-mail for the reminder"), "phone email"),
    _row(_("sum due and paid"), "payable paid", _A.POST, _A.TREASURY, _A.BANK, _A.PHONE),
    _row(_("outcome: channel, findings"), "channel findings", _A.POST, _A.ANALYST),
    _row(_("totals by day, post and way, none below five"), "totals", *_A),
)


def may_see(authority: Authority, key: str) -> bool:
    """Whether an authority sees a field; one that the table does not know is seen by nobody."""
    return any(key in field.keys and authority in field.seen_by for field in FIELDS)

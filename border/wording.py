"""What the pages of the post call the rows of a traveller's history, origins of money, purposes of a vehicle."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, str | Promise] = {
    "begin": _("begun"),
    "submit": _("sent"),
    "change": _("changed and sent"),
    "sum": _("the sum changed"),
    "pay": _("paid"),
    "money_back": _("money went back"),
    "cancel": _("cancelled"),
    "present": _("presented"),
    "examine": _("looked at"),
    "correct": _("corrected"),
    "release": _("let through"),
    "keep_goods": _("goods kept"),
    "return_goods": _("goods sent back"),
    "retain": _("goods retained"),
    "aside_reminded": _("reminded"),
    "levy": _("storage charged"),
    "aside_ended": _("decided what becomes of the goods"),
    "hand_over": _("handed over to the cargo side"),
    "to_declarant": _("given to the company that declares"),
}
PURPOSES: dict[str, str | Promise] = {
    "temporary": _("it leaves again: temporary import"),
    "return": _("it comes back: it left this country before"),
    "transit": _("transit through this country"),
    "for_good": _("it stays for good"),
}
ORIGINS: dict[str, str | Promise] = {
    "wages": _("wages, savings"),
    "business": _("business"),
    "sale": _("sale of property"),
    "gift": _("gift, inheritance"),
    "loan": _("loan"),
    "other": _("other"),
}

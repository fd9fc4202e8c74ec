"""What the fields of travellers' forms choose from that is no law."""

from django.utils.translation import gettext_lazy as _

from tariffs.models import TravelCategory

NOT_SAID = ("", _("— choose —"))
DOCUMENTS = [
    ("passport", _("passport")),
    ("id", _("identity card")),
    ("birth", _("birth certificate")),
    ("other", _("another document")),
]
MONEY_KINDS = [
    ("cash", _("cash")),
    ("bearer", _("cheque, bill or other bearer instrument")),
    ("gold", _("gold and other precious metal")),
]
INSTRUMENTS = [
    ("", _("— choose —")),
    ("cheque", _("cheque, traveller’s cheque")),
    ("bill", _("bill of exchange, promissory note")),
    ("order", _("money order")),
    ("security", _("bond or share without a name")),
    ("card", _("prepaid card, voucher")),
    ("other", _("other")),
]
ORIGINS = [
    ("", _("— choose —")),
    ("wages", _("wages, savings")),
    ("business", _("business")),
    ("sale", _("sale of property")),
    ("gift", _("gift, inheritance")),
    ("loan", _("loan")),
    ("other", _("other")),
]
PURPOSES = [
    ("", _("— choose —")),
    ("living", _("living, family")),
    ("business", _("business")),
    ("property", _("purchase of property")),
    ("treatment", _("treatment, study")),
    ("travel", _("travel")),
    ("other", _("other")),
]
# What is kept of a row of cash -> its words; each question has codes of its own.
MONEY_WORDS = {
    "kind": dict(MONEY_KINDS),
    "instrument": dict(INSTRUMENTS),
    "origin": dict(ORIGINS),
    "use": dict(PURPOSES),
}
APART = [
    ("with_me", _("with me")),
    ("unaccompanied", _("sent ahead or after me")),
    ("carrier", _("delivered by a carrier")),
]
CHOICES = [
    ("pay", _("I pay what is due")),
    ("leave", _("I leave it at the post")),
    ("cargo", _("I declare it as cargo")),
]
VEHICLE_KINDS = [
    ("car", _("car")),
    ("motorcycle", _("motorcycle")),
    ("bus", _("bus")),
    ("lorry", _("lorry, trailer")),
    ("other", _("another vehicle")),
]
VEHICLE_PURPOSES = [
    ("temporary", _("it leaves again: temporary import")),
    ("return", _("it comes back: it left this country before")),
    ("transit", _("transit through this country")),
    ("for_good", _("it stays for good")),
]
EXTRA_TOPICS = [
    ("money", _("money: much cash, cheques, gold")),
    *TravelCategory.Topic.choices,
    ("vehicle", _("a vehicle")),
]

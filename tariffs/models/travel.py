"""The law for travellers: categories in everyday words, allowances, limits of cash, requirements, posts, terms."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.validity import one_value_a_day
from tariffs.models.coded import CodedLaw


class Direction(models.TextChoices):
    """Which way a traveller crosses the border."""

    ENTRY = "entry", pgettext_lazy("travel", "entry")
    EXIT = "exit", _("exit")
    BOTH = "both", _("entry and exit")


class Way(models.TextChoices):
    """How a traveller crosses the border; an empty one in a row of law means any."""

    AIR = "air", _("by air")
    RAIL = "rail", _("by train")
    ROAD = "road", _("by car or bus")
    FOOT = "foot", _("on foot")


class Residents(models.TextChoices):
    """Whom a limit is for."""

    ANY = "any", _("everybody")
    RESIDENTS = "residents", _("residents")
    NON_RESIDENTS = "non_residents", _("non-residents")


class TravelCategory(CodedLaw):
    """Goods as a traveller calls them, the question they belong to, and the tariff code that stands behind them.

    `commodity` is the beginning of a commodity code: full payments are computed with it unless an exact one is picked.
    `unit` (UNECE Rec 20) is what is asked for beside the price; empty: the price and the weight alone.
    """

    class Topic(models.TextChoices):
        GOODS = "goods", _("things and presents")
        ALCOHOL = "alcohol", _("alcohol")
        TOBACCO = "tobacco", _("tobacco")
        MEDICINE = "medicine", _("medicines")
        PHONES = "phones", _("phones")
        JEWELLERY = "jewellery", _("jewellery, gold, precious stones")
        WEAPONS = "weapons", _("weapons and ammunition")
        RADIO = "radio", _("drones and radio equipment")
        ANTIQUES = "antiques", _("antiques and works of art")
        ANIMALS = "animals", _("animals and what is made of them")
        PLANTS = "plants", _("plants, seeds, fruit")
        PRINT = "print", _("printed matter and media")
        FORBIDDEN = "forbidden", _("drugs and other forbidden goods")

    topic = models.CharField(_("question"), max_length=10, choices=Topic.choices)
    commodity = models.CharField(_("commodity"), max_length=11, blank=True)
    unit = models.CharField(_("unit"), max_length=4, blank=True)

    class Meta:
        ordering = ["topic", "code"]
        verbose_name = _("category of travellers' goods")
        verbose_name_plural = _("categories of travellers' goods")
        constraints = [
            one_value_a_day("travel_category_once_a_day", "code"),
            models.CheckConstraint(condition=Q(commodity__regex=r"^\d{0,11}$"), name="travel_category_digits"),
        ]


class TravelAllowance(CodedLaw):
    """So much may a traveller carry free, and what is due above it.

    `categories` are codes of categories; none: all goods that no row of their own speaks of. `unit` is MONEY (then
    `currency` says of which) or a code of UNECE Rec 20. Rows of one `group` are one rule: `combines` says whether all
    of its limits hold together ("and"), one of them may be chosen ("or"), or parts of several add up to one ("parts").
    `charged` says whether what is above pays, or then the whole. `pooled`: the allowances of a party add up.
    A traveller younger than `age_from` has none. `above` is a flat rate (`rate_text`, booked as `tax_code`), the full
    duties and taxes of the tariff, or a prohibition.
    """

    MONEY = "MONEY"

    class Period(models.TextChoices):
        CROSSING = "crossing", _("each crossing")
        DAY = "day", _("a day")
        MONTH = "month", _("a month")
        HALF_YEAR = "half_year", _("six months")

    class Combines(models.TextChoices):
        AND = "and", _("all limits together")
        OR = "or", _("one of the limits")
        PARTS = "parts", _("parts that add up to one")

    class Above(models.TextChoices):
        RATE = "rate", _("a flat rate")
        FULL = "full", _("full duties and taxes")
        PROHIBITED = "prohibited", _("prohibited")

    class Charged(models.TextChoices):
        EXCESS = "excess", _("what is above")
        WHOLE = "whole", _("the whole")

    direction = models.CharField(_("direction"), max_length=5, choices=Direction.choices)
    way = models.CharField(_("way of travel"), max_length=5, choices=Way.choices, blank=True)
    categories = ArrayField(models.CharField(max_length=20), verbose_name=_("categories"), default=list, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)
    unit = models.CharField(_("unit"), max_length=5)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    period = models.CharField(_("period"), max_length=9, choices=Period.choices, default=Period.CROSSING)
    age_from = models.PositiveSmallIntegerField(_("from age"), default=0)
    residents = models.CharField(_("for"), max_length=13, choices=Residents.choices, default=Residents.ANY)
    group = models.CharField(_("group"), max_length=20, blank=True)
    combines = models.CharField(_("combined"), max_length=5, choices=Combines.choices, default=Combines.AND)
    pooled = models.BooleanField(_("allowances of a party add up"), default=False)
    above = models.CharField(_("due above"), max_length=10, choices=Above.choices)
    rate_text = models.CharField(_("rate"), max_length=250, blank=True)
    charged = models.CharField(_("is due on"), max_length=6, choices=Charged.choices, default=Charged.EXCESS)
    tax_code = models.CharField(_("booked as"), max_length=8, blank=True)

    class Meta:
        ordering = ["group", "code"]
        verbose_name = _("traveller's allowance")
        verbose_name_plural = _("travellers' allowances")
        constraints = [
            one_value_a_day("travel_allowance_once_a_day", "code"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="travel_allowance_not_negative"),
            models.CheckConstraint(
                condition=Q(unit="MONEY") & ~Q(currency="") | ~Q(unit__in=["MONEY", ""]) & Q(currency=""),
                name="travel_allowance_currency_of_money",
            ),
            models.CheckConstraint(
                condition=Q(above="rate") & ~Q(rate_text="") & ~Q(tax_code="") | ~Q(above="rate") & Q(rate_text=""),
                name="travel_allowance_rate_where_flat",
            ),
        ]


class CashLimit(CodedLaw):
    """From which sum cash and bearer instruments are declared, explained (origin, owner, use), or not let through.

    The sum of all currencies, in the limit's currency at the rate of the day, is compared; above it the duty holds.
    `as_declared`: what was declared on the way in may go out again, if that is more.
    """

    class Kind(models.TextChoices):
        CASH = "cash", _("cash")
        BEARER = "bearer", _("bearer instruments")
        GOLD = "gold", _("gold and other precious metal")
        ALL = "all", _("cash and bearer instruments together")

    class Duty(models.TextChoices):
        DECLARE = "declare", _("to be declared")
        EXPLAIN = "explain", _("origin, owner and use to be declared")
        FORBIDDEN = "forbidden", _("may not be carried")

    direction = models.CharField(_("direction"), max_length=5, choices=Direction.choices)
    residents = models.CharField(_("for"), max_length=13, choices=Residents.choices, default=Residents.ANY)
    kind = models.CharField(_("what"), max_length=6, choices=Kind.choices)
    duty = models.CharField(_("above it"), max_length=9, choices=Duty.choices)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    as_declared = models.BooleanField(_("or what was declared on entry"), default=False)

    class Meta:
        ordering = ["direction", "code"]
        verbose_name = _("limit of cash")
        verbose_name_plural = _("limits of cash")
        constraints = [
            one_value_a_day("travel_cash_once_a_day", "code"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="travel_cash_not_negative"),
        ]


class TravelRequirement(CodedLaw):
    """What a category of goods asks of a traveller: a declaration in writing, a paper of an agency, or to stay away.

    The name says it in a sentence, the note what to bring and where to go.
    """

    class Duty(models.TextChoices):
        DECLARE = "declare", _("to be declared")
        PAPER = "paper", _("a paper is needed")
        FORBIDDEN = "forbidden", _("forbidden")

    direction = models.CharField(_("direction"), max_length=5, choices=Direction.choices)
    category = models.CharField(_("category"), max_length=20)
    duty = models.CharField(_("duty"), max_length=9, choices=Duty.choices)
    document = models.CharField(_("document"), max_length=5, blank=True)

    class Meta:
        ordering = ["category", "code"]
        verbose_name = _("requirement for travellers' goods")
        verbose_name_plural = _("requirements for travellers' goods")
        constraints = [one_value_a_day("travel_requirement_once_a_day", "code")]


class TravelPost(CodedLaw):
    """A customs office where travellers cross the border, and by which way; `code` is the office's."""

    way = models.CharField(_("way of travel"), max_length=5, choices=Way.choices)

    class Meta:
        ordering = ["way", "code"]
        verbose_name = _("post for travellers")
        verbose_name_plural = _("posts for travellers")
        constraints = [one_value_a_day("travel_post_once_a_day", "code", "way")]


class TravelTerm(CodedLaw):
    """A number of days that something lasts. `origin` narrows it to a country or a group of them; empty: any."""

    class Kind(models.TextChoices):
        VALIDITY = "validity", _("validity of a traveller's declaration")
        STORAGE = "storage", _("storage of goods that were kept")
        VEHICLE = "vehicle", _("temporary import of a vehicle")
        EXPLANATION = "explanation", _("disclosure of cash sent unaccompanied")
        UNACCOMPANIED = "unaccompanied", _("arrival of unaccompanied baggage")
        REEXPORT = "reexport", _("money back for goods that leave again")
        REMINDER = "reminder", _("reminder before a vehicle has to leave")
        KEEPING = "keeping", _("keeping of personal data")
        KEEP_CASH = "keep_cash", _("keeping of declarations of cash")
        KEEP_PHOTOS = "keep_photos", _("keeping of photographs")
        KEEP_VIEWS = "keep_views", _("keeping of the log of who saw what")

    kind = models.CharField(_("term"), max_length=13, choices=Kind.choices)
    origin = models.CharField(_("country"), max_length=8, blank=True)
    days = models.PositiveIntegerField(_("days"))

    class Meta:
        ordering = ["kind", "origin"]
        verbose_name = _("term for travellers")
        verbose_name_plural = _("terms for travellers")
        constraints = [
            one_value_a_day("travel_term_once_a_day", "kind", "origin"),
            models.CheckConstraint(condition=Q(days__gt=0), name="travel_term_some_days"),
        ]

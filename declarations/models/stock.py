"""Stock under suspension (box 40): what came in by an item, and every movement by which it comes out again."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from declarations.models.declaration import Item
from lib.figures import ZERO
from traders.models import Company

MEASURES = ("packages", "net_mass", "supplementary_quantity", "value")


def _quantity(label: Any, **options: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=18, decimal_places=6, default=ZERO, **options)


def _value(label: Any, **options: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=18, decimal_places=4, default=ZERO, **options)


_SOMETHING_LEFT = (
    Q(net_mass_left__gt=0)
    | Q(supplementary_quantity_left__gt=0)
    | Q(net_mass=0, supplementary_quantity=0) & (Q(packages_left__gt=0) | Q(value_left__gt=0))
)


class StockAccountQuerySet(models.QuerySet["StockAccount"]):
    def confirmed(self) -> Self:
        """Those that can be drawn on: an opening balance counts when a second officer has confirmed it."""
        return self.filter(Q(is_opening_balance=False) | Q(confirmed_by__isnull=False))

    def with_stock(self) -> Self:
        """Those on which something is left."""
        return self.filter(_SOMETHING_LEFT)

    def without_stock(self) -> Self:
        """Those on which nothing is left."""
        return self.exclude(_SOMETHING_LEFT)


class StockAccount(models.Model):
    """What an item brought under a procedure: how much came in, and how much is left.

    Known by the number of its declaration and by the item. `item` is None for goods from before the system: an officer
    enters them (`is_opening_balance`), and they count once another has confirmed them. `procedure` are its two digits,
    `value` is in national currency. What is left is kept by a trigger, which counts the movements; a check refuses less
    than nothing. Nothing else of an account changes but its `due` date (inclusive; None: no term).
    """

    item = models.OneToOneField(
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="stock_account", verbose_name=_("item")
    )
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="stock_accounts", verbose_name=_("company")
    )
    office_code = models.CharField(_("office"), max_length=8)
    year = models.PositiveSmallIntegerField(_("year"))
    series = models.CharField(_("series"), max_length=3, blank=True)
    number = models.PositiveIntegerField(_("number"))
    item_number = models.PositiveSmallIntegerField(_("item"))
    mrn = models.CharField("MRN", max_length=18, blank=True)
    procedure = models.CharField(_("procedure"), max_length=2)
    commodity_code = models.CharField(_("commodity code"), max_length=11)
    origin_country = models.CharField(_("country of origin"), max_length=2, blank=True)
    description = models.CharField(_("description of goods"), max_length=1000, blank=True)
    supplementary_unit = models.CharField(_("supplementary unit"), max_length=4, blank=True)
    packages = _quantity(_("packages"))
    packages_left = _quantity(_("packages left"), editable=False)
    net_mass = _quantity(_("net mass, kg"))
    net_mass_left = _quantity(_("net mass left, kg"), editable=False)
    supplementary_quantity = _quantity(_("supplementary quantity"))
    supplementary_quantity_left = _quantity(_("supplementary quantity left"), editable=False)
    value = _value(_("value"))
    value_left = _value(_("value left"), editable=False)
    opened_at = models.DateTimeField(_("opened"))
    due = models.DateField(_("to be accounted for by"), null=True, blank=True)
    is_opening_balance = models.BooleanField(_("from before the system"), default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )

    objects: ClassVar[Any] = StockAccountQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("stock account")
        verbose_name_plural = _("stock accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["office_code", "year", "series", "number", "item_number"], name="stock_account_once"
            ),
            models.UniqueConstraint(fields=["mrn", "item_number"], name="stock_account_mrn_once", condition=~Q(mrn="")),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}_left__gte": 0, f"{name}_left__lte": F(name)}),
                    name=f"stock_{name}_not_overdrawn",
                )
                for name in MEASURES
            ),
            models.CheckConstraint(
                condition=Q(is_opening_balance=False, item__isnull=False, entered_by=None, confirmed_by=None)
                | Q(is_opening_balance=True, item=None, entered_by__isnull=False),
                name="stock_account_origin",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("entered_by")), name="stock_account_two_officers"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-id"], name="stock_of_company"),
            models.Index(fields=["due"], name="stock_due", condition=Q(due__isnull=False)),
            models.Index(fields=["number", "year"], name="stock_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.customs_number} · {self.item_number}"

    @property
    def customs_number(self) -> str:
        """The number of the declaration: office / year / series and serial."""
        return f"{self.office_code}/{self.year}/{self.series}{self.number}"

    @property
    def box_40(self) -> str:
        """The item as box 40 of an item names it."""
        return f"{self.customs_number}/{self.item_number}"

    @property
    def counts(self) -> bool:
        """Whether it can be drawn on; see `confirmed`."""
        return not self.is_opening_balance or self.confirmed_by_id is not None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left: neither mass nor supplementary quantity, where one of them came in."""
        if self.net_mass or self.supplementary_quantity:
            return not (self.net_mass_left or self.supplementary_quantity_left)
        return not (self.packages_left or self.value_left)


class StockMovement(models.Model):
    """What left an account (its quantities are positive), or came back when a draw was undone. Append-only.

    A declaration draws by the `item` that names the account, once; what is given back is exactly what it drew (both
    held by the database). Loss, destruction and waste have an `act`, an officer (`by`) and a `second`.
    What was left when the term was over and its duty was called is out of stock.
    """

    class Kind(models.TextChoices):
        DRAW = "draw", _("drawn")
        GIVE_BACK = "give_back", _("given back")
        LOSS = "loss", _("lost")
        DESTRUCTION = "destruction", _("destroyed")
        WASTE = "waste", _("waste")
        OTHER = "other", _("taken out otherwise")
        CALLED = "called", _("duty called")

    account = models.ForeignKey(
        StockAccount, on_delete=models.PROTECT, related_name="movements", verbose_name=_("stock account")
    )
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices)
    packages = _quantity(_("packages"))
    net_mass = _quantity(_("net mass, kg"))
    supplementary_quantity = _quantity(_("supplementary quantity"))
    value = _value(_("value"))
    item = models.ForeignKey(
        Item,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stock_movements",
        verbose_name=_("item that draws"),
    )
    note = models.TextField(_("note"), blank=True)
    act = models.CharField(_("act"), max_length=60, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("by"),
    )
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("second officer"),
    )
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("movement of stock")
        verbose_name_plural = _("movements of stock")
        constraints = [
            models.UniqueConstraint(fields=["account", "item"], name="stock_drawn_once", condition=Q(kind="draw")),
            models.UniqueConstraint(
                fields=["account", "item"], name="stock_given_back_once", condition=Q(kind="give_back")
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="give_back", packages__lte=0, net_mass__lte=0, supplementary_quantity__lte=0, value__lte=0
                )
                | ~Q(kind="give_back")
                & Q(packages__gte=0, net_mass__gte=0, supplementary_quantity__gte=0, value__gte=0),
                name="stock_movement_direction",
            ),
            models.CheckConstraint(
                condition=~Q(packages=0, net_mass=0, supplementary_quantity=0, value=0), name="stock_movement_moves"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["draw", "give_back"], item__isnull=False)
                | Q(kind__in=["loss", "destruction", "waste", "other", "called"], item=None),
                name="stock_movement_has_its_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.get_kind_display()}"


class StockDischarge(models.Model):
    """That what a movement took out has reached its lawful end, and need be secured no longer. Append-only."""

    movement = models.OneToOneField(
        StockMovement, on_delete=models.PROTECT, related_name="discharge", verbose_name=_("movement")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("discharge of stock")
        verbose_name_plural = _("discharges of stock")

"""What repeats beside items, one column for each row of the box table."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from declarations.models.declaration import Declaration, Item


class ItemDocument(models.Model):
    """A paper that an item carries (box 44). `file` is its scan; `more_files` are the public ids of further ones."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="documents")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    key = models.CharField(_("key"), max_length=13, editable=False)
    file = models.ForeignKey(
        "declarations.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("file"),
    )
    more_files = ArrayField(models.UUIDField(), verbose_name=_("further files"), default=list, blank=True)
    code = models.CharField(_("Document"), max_length=5, blank=True)
    name = models.CharField(_("Name of the document"), max_length=140, blank=True)
    reference = models.CharField(_("Number of the document"), max_length=60, blank=True)
    date = models.DateField(_("Date of the document"), null=True, blank=True)
    from_rule = models.PositiveIntegerField(_("Asked for by the tariff"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["item_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "position"], name="item_document_position", deferrable=models.Deferrable.IMMEDIATE
            )
        ]


class DeclarationPart(models.Model):
    """A numbered row that hangs on the header."""

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="%(class)ss")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    key = models.CharField(_("key"), max_length=13, editable=False)

    objects: Any = models.Manager()

    class Meta:
        abstract = True
        ordering = ["declaration_id", "position"]


class Container(DeclarationPart):
    """A container (box 31)."""

    item_number = models.PositiveIntegerField(_("Item"), null=True, blank=True)
    identity = models.CharField(_("Container"), max_length=17, blank=True)
    type = models.CharField(_("Type of container"), max_length=10, blank=True)
    empty_full = models.CharField(_("Empty or full"), max_length=5, blank=True)
    gross_mass = models.DecimalField(_("Gross mass, kg"), max_digits=18, decimal_places=6, null=True, blank=True)
    description = models.CharField(_("Goods in the container"), max_length=350, blank=True)
    packages_kind = models.CharField(_("Kind of packages"), max_length=17, blank=True)
    packages_number = models.DecimalField(
        _("Number of packages"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    packages_mass = models.DecimalField(
        _("Mass of the packages, kg"), max_digits=18, decimal_places=6, null=True, blank=True
    )

    class Meta(DeclarationPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["declaration", "position"], name="container_position", deferrable=models.Deferrable.IMMEDIATE
            )
        ]


class PreviousDeclaration(DeclarationPart):
    """An item of an earlier declaration that an item of this one is drawn from (box 40)."""

    office_code = models.CharField(_("Office"), max_length=8, blank=True)
    year = models.PositiveIntegerField(_("Year"), null=True, blank=True)
    serial = models.CharField(_("Series"), max_length=3, blank=True)
    number = models.PositiveIntegerField(_("Number"), null=True, blank=True)
    item_number = models.PositiveIntegerField(_("Item"), null=True, blank=True)
    commodity_code = models.CharField(_("Commodity code"), max_length=11, blank=True)
    precision = models.CharField(_("Precision"), max_length=8, blank=True)
    origin_country = models.CharField(_("Country of origin"), max_length=2, blank=True)
    packages = models.DecimalField(_("Packages there"), max_digits=18, decimal_places=6, null=True, blank=True)
    mass = models.DecimalField(_("Mass there, kg"), max_digits=18, decimal_places=6, null=True, blank=True)
    supplementary_quantity = models.DecimalField(
        _("Supplementary quantity there"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    value = models.DecimalField(_("Value there"), max_digits=18, decimal_places=4, null=True, blank=True)
    current_item = models.PositiveIntegerField(_("Item of this declaration"), null=True, blank=True)
    packages_written_off = models.DecimalField(
        _("Packages written off"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    mass_written_off = models.DecimalField(
        _("Mass written off, kg"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    supplementary_quantity_written_off = models.DecimalField(
        _("Supplementary quantity written off"), max_digits=18, decimal_places=6, null=True, blank=True
    )
    value_written_off = models.DecimalField(
        _("Value written off"), max_digits=18, decimal_places=4, null=True, blank=True
    )

    class Meta(DeclarationPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["declaration", "position"], name="previous_position", deferrable=models.Deferrable.IMMEDIATE
            )
        ]


class SupplierInvoice(DeclarationPart):
    """A supplier's invoice."""

    link = models.CharField(_("Link to the items"), max_length=17, blank=True)
    code = models.CharField(_("Supplier's number"), max_length=20, blank=True)
    name = models.CharField(_("Supplier"), max_length=175, blank=True)
    country = models.CharField(_("Supplier's country"), max_length=60, blank=True)
    city = models.CharField(_("Supplier's city"), max_length=60, blank=True)
    street = models.CharField(_("Supplier's street"), max_length=140, blank=True)
    telephone = models.CharField(_("Supplier's telephone"), max_length=40, blank=True)
    fax = models.CharField(_("Supplier's fax"), max_length=40, blank=True)
    zip_code = models.CharField(_("Supplier's postal code"), max_length=17, blank=True)
    email = models.CharField(_("Supplier's e-mail"), max_length=140, blank=True)
    invoice_number = models.CharField(_("Invoice"), max_length=60, blank=True)
    invoice_amount = models.DecimalField(_("Invoice amount"), max_digits=18, decimal_places=4, null=True, blank=True)
    type_code = models.CharField(_("Type of document"), max_length=5, blank=True)
    date = models.DateField(_("Date of the invoice"), null=True, blank=True)

    class Meta(DeclarationPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["declaration", "position"],
                name="supplier_invoice_position",
                deferrable=models.Deferrable.IMMEDIATE,
            )
        ]

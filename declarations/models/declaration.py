"""The declaration and its items. A draft may be incomplete; from lodging on a row never changes but in its status."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from declarations.models.header_boxes import HeaderBoxes
from declarations.models.item_boxes import ItemBoxes
from traders.models import Company


class Status(models.TextChoices):
    """The legal position. PAID means paid or secured."""

    DRAFT = "draft", _("draft")
    LODGED = "lodged", _("lodged")
    ASSESSED = "assessed", _("assessed")
    PAID = "paid", _("paid or secured")
    RELEASED = "released", _("released")
    EXITED = "exited", _("exited")
    REJECTED = "rejected", _("rejected")
    CANCELLED = "cancelled", _("cancelled")
    SUPERSEDED = "superseded", _("replaced by an amendment")


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    def current(self) -> Self:
        """Without versions that an amendment replaced."""
        return self.exclude(status=Status.SUPERSEDED)

    def as_rows(self) -> Self:
        """For lists, which do not show what a file could not be read as or has no box for."""
        return self.defer("held", "kept")


class Declaration(HeaderBoxes):
    """A Single Administrative Document, one version of it.

    `declarant` is the company that files (box 14), `trader` the one it files for (consignee on import, exporter on
    export), known from lodging on. `held` keeps texts that could not be read, by pointer, until they are corrected.
    `kept` lists elements of an uploaded file that have no box: `[{"path": …, "value": …}]`.
    `customs_value`, `payable` and `guaranteed` are in national currency and None until assessed.
    `amends` is the version that a draft of an amendment will take the place of, or has; it stays. A draft that was sent
    for a decision (`sent_at`) does not change while it is looked at. `stands_as` is how far an earlier version had come
    when this one corrected it after release: the goods are released, whatever is still due.
    """

    class Source(models.TextChoices):
        BROWSER = "browser", _("browser")
        API = "api", _("API")
        XML = "xml", _("ASYCUDA XML")
        COPY = "copy", _("copy")
        AMENDMENT = "amend", _("amendment")
        PROPOSAL = "propose", _("officer's proposal")
        TEMPLATE = "form", _("template")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    declarant = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="declarations_filed", verbose_name=_("declarant")
    )
    trader = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="declarations", verbose_name=_("trader")
    )
    amends = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="amendments", verbose_name=_("amends")
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    stands_as = models.CharField(_("released earlier as"), max_length=10, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    mrn = models.CharField("MRN", max_length=18, blank=True)
    registration_year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    registration_series = models.CharField(_("series"), max_length=2, blank=True)
    registration_number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    tax_date = models.DateField(_("date whose law applies"), null=True, blank=True)
    lodged_at = models.DateTimeField(_("lodged"), null=True, blank=True)
    customs_value = models.DecimalField(_("customs value"), max_digits=18, decimal_places=4, null=True, blank=True)
    payable = models.DecimalField(_("to pay"), max_digits=18, decimal_places=4, null=True, blank=True)
    guaranteed = models.DecimalField(_("to secure"), max_digits=18, decimal_places=4, null=True, blank=True)
    source = models.CharField(_("made by"), max_length=7, choices=Source.choices, default=Source.BROWSER)
    held = models.JSONField(_("texts that could not be read"), default=dict, blank=True)
    kept = models.JSONField(_("elements without a box"), default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made"))
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("changed by"),
        null=True,
        blank=True,
    )
    updated_at = models.DateTimeField(_("changed"))

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("declaration")
        verbose_name_plural = _("declarations")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="declaration_status_known"),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT)
                | Q(tax_date__isnull=False, lodged_at__isnull=False, trader__isnull=False) & ~Q(mrn=""),
                name="declaration_lodged_is_numbered",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(amends__isnull=True) | Q(version__gt=1),
                name="declaration_amendment_is_no_new_one",
            ),
            models.CheckConstraint(
                condition=~Q(source="form") | Q(status=Status.DRAFT), name="declaration_template_stays_a_draft"
            ),
            models.CheckConstraint(
                condition=Q(stands_as="")
                | Q(stands_as__in=[Status.RELEASED, Status.EXITED], amends__isnull=False)
                & ~Q(status__in=[Status.CANCELLED, Status.REJECTED]),
                name="declaration_released_once_stays_so",
            ),
            models.UniqueConstraint(
                fields=["amends", "source"],
                name="declaration_one_amendment_begun",
                condition=Q(status=Status.DRAFT, amends__isnull=False, sent_at__isnull=True),
            ),
            models.UniqueConstraint(fields=["mrn", "version"], name="declaration_mrn_version", condition=~Q(mrn="")),
            models.UniqueConstraint(
                fields=["declarant", "lrn", "version"],
                name="declaration_lrn_once",
                condition=~Q(lrn="") & ~Q(status=Status.DRAFT),
            ),
            models.UniqueConstraint(
                fields=["office_code", "registration_year", "registration_series", "registration_number", "version"],
                name="declaration_number_once",
                condition=Q(registration_number__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["declarant", "status", "-id"], name="declaration_of_declarant"),
            models.Index(fields=["trader", "status", "-id"], name="declaration_of_trader"),
            models.Index(fields=["status", "id"], name="declaration_by_status"),
            models.Index(fields=["office_code", "-id"], name="declaration_of_office"),
        ]

    def __str__(self) -> str:
        return self.mrn or self.lrn or str(self.public_id)

    @property
    def is_editable(self) -> bool:
        """A draft that nobody is deciding about."""
        return self.status == Status.DRAFT and self.sent_at is None

    @property
    def is_template(self) -> bool:
        """The content of a template: a draft that is filled in and never lodged."""
        return self.source == Declaration.Source.TEMPLATE

    @property
    def is_past_release(self) -> bool:
        """Whether its goods were released, under this version or an earlier one."""
        return bool(self.stands_as) or self.status in (Status.RELEASED, Status.EXITED)

    @property
    def flow(self) -> str:
        """ "export" for type EX, else "import"."""
        return "export" if self.declaration_type.startswith("EX") else "import"

    @property
    def procedure(self) -> str:
        """Box 1: type and general procedure together, such as IM4."""
        return f"{self.declaration_type}{self.general_procedure}"

    @property
    def customs_number(self) -> str:
        """Office / year / series and serial, empty before lodging."""
        if self.registration_number is None:
            return ""
        return f"{self.office_code}/{self.registration_year}/{self.registration_series}{self.registration_number}"


class Item(ItemBoxes):
    """An item (box 32 is `number`, which moves up when an item before it goes; `key` stays)."""

    declaration = models.ForeignKey(
        Declaration, on_delete=models.CASCADE, related_name="items", verbose_name=_("declaration")
    )
    number = models.PositiveSmallIntegerField(_("item"))
    key = models.CharField(_("key"), max_length=13, editable=False)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["declaration_id", "number"]
        verbose_name = _("item")
        verbose_name_plural = _("items")
        constraints = [
            models.UniqueConstraint(
                fields=["declaration", "number"], name="item_number_once", deferrable=models.Deferrable.IMMEDIATE
            ),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=999), name="item_number_1_to_999"),
        ]

    def __str__(self) -> str:
        return f"{self.declaration} · {self.number}"


class RemovedItem(models.Model):
    """An item that was taken out of a draft, as it was: it can be put back under its key until the draft is lodged.

    `content` is canonical JSON with the keys of its papers and, under `held`, texts that could not be read.
    """

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="removed_items")
    key = models.CharField(max_length=13, editable=False)
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("removed item")
        verbose_name_plural = _("removed items")
        constraints = [models.UniqueConstraint(fields=["declaration", "key"], name="removed_item_once")]

"""What is written once about a lodged declaration: events, snapshot, valuations, charges, files, number series."""

import uuid
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from declarations.models.chain import Chained
from declarations.models.declaration import Declaration, Item


class Event(Chained):
    """A row of history: who did what, when, and how the status changed. Append-only."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    verb = models.CharField(_("what"), max_length=30)
    old_status = models.CharField(_("status before"), max_length=10, blank=True)
    new_status = models.CharField(_("status after"), max_length=10, blank=True)
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [models.UniqueConstraint(fields=["declaration", "place"], name="event_place_once")]


class Snapshot(Chained):
    """The declaration as it was lodged: canonical JSON and its SHA-256. Append-only."""

    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="snapshot")
    content = models.TextField(_("content"))
    sha256 = models.CharField("SHA-256", max_length=64)
    at = models.DateTimeField(_("at"))


class ItemValuation(models.Model):
    """Customs value of an item in national currency, and how it came about. Append-only."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="valuation")
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=4)
    external_freight = models.DecimalField(_("external freight"), max_digits=18, decimal_places=4)
    internal_freight = models.DecimalField(_("internal freight"), max_digits=18, decimal_places=4)
    insurance = models.DecimalField(_("insurance"), max_digits=18, decimal_places=4)
    other_cost = models.DecimalField(_("other costs"), max_digits=18, decimal_places=4)
    deduction = models.DecimalField(_("deductions"), max_digits=18, decimal_places=4)
    customs_value = models.DecimalField(_("customs value"), max_digits=18, decimal_places=4)
    statistical_value = models.DecimalField(_("statistical value"), max_digits=18, decimal_places=4)
    formula = models.TextField(_("formula"))


class Charge(models.Model):
    """One line of box 47, with everything that explains it. Append-only.

    `item` None: charged on the declaration. `payable` False: secured by a guarantee.
    """

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="charges")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="charges")
    sequence = models.PositiveSmallIntegerField(_("order"))
    tax_code = models.CharField(_("tax"), max_length=8)
    tax_name = models.CharField(_("name of the tax"), max_length=250)
    base = models.DecimalField(_("base"), max_digits=20, decimal_places=6)
    rate_text = models.CharField(_("rate"), max_length=250)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)
    payable = models.BooleanField(_("payable"), default=True)
    formula = models.TextField(_("formula"))
    legal_basis = models.CharField(_("legal basis"), max_length=400)
    exchange_rates = models.JSONField(_("exchange rates"), default=list, blank=True, encoder=DjangoJSONEncoder)
    measure_id = models.BigIntegerField(_("measure"), null=True, blank=True)
    is_example = models.BooleanField(_("example, not published law"), default=False)

    class Meta:
        ordering = ["declaration_id", "item__number", "sequence"]
        verbose_name = _("charge")
        verbose_name_plural = _("charges")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="charge_not_negative"),
        ]


class StoredFile(models.Model):
    """A file that belongs to a declaration: uploaded XML, an attachment, a printed paper.

    It lies in a folder of its declaration under a random name, which `services.store_file` gives it. `upload_key` is
    the sender's own: sent again under it, a file is the same file. `pages` None: it is not shown page by page.
    """

    class Kind(models.TextChoices):
        XML = "xml", _("uploaded XML")
        ATTACHMENT = "attachment", _("attachment")
        SAD = "sad", _("SAD")
        NOTICE = "notice", _("assessment notice")
        RECEIPT = "receipt", _("receipt")
        RELEASE_NOTE = "release_note", _("release note")
        EXIT_NOTE = "exit_note", _("exit note")

    class Safety(models.TextChoices):
        """What the virus check says. UNCHECKED: ours, or there is no check where it came in."""

        UNCHECKED = "", _("not checked for viruses")
        WAITING = "waiting", _("not yet checked for viruses")
        CLEAN = "clean", _("checked for viruses")
        FOUND = "found", _("kept aside: a virus was found")

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200)
    document_code = models.CharField(_("document"), max_length=5, blank=True)
    file = models.FileField(_("file"), upload_to="declarations")
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    upload_key = models.CharField(_("key of the sender"), max_length=40, blank=True)
    sent_sha256 = models.CharField(_("SHA-256 of what was sent"), max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    safety = models.CharField(_("virus check"), max_length=7, choices=Safety.choices, blank=True, default="")
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    found = models.CharField(_("what was found"), max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.UniqueConstraint(
                fields=["declaration", "upload_key"], name="stored_file_sent_once", condition=~Q(upload_key="")
            ),
            models.CheckConstraint(condition=Q(safety__in=["", "waiting", "clean", "found"]), name="safety_known"),
        ]
        indexes = [models.Index(fields=["id"], name="stored_file_waits", condition=Q(safety="waiting"))]

    @property
    def is_shown(self) -> bool:
        """Whether it can be looked at page by page. Pictures are made anew and pages drawn: no virus passes there."""
        return self.pages is not None and self.safety != self.Safety.FOUND

    @property
    def is_handed_out(self) -> bool:
        """Whether the file itself is given to anybody."""
        return self.safety not in (self.Safety.WAITING, self.Safety.FOUND)


class FileView(models.Model):
    """Somebody looked at a file of a declaration that customs has: its pages, or the file itself. Append-only."""

    class What(models.TextChoices):
        PAGES = "pages", _("looked at")
        CONTENT = "content", _("saved")

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="views")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    what = models.CharField(_("what"), max_length=7, choices=What.choices)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("look at a file")
        verbose_name_plural = _("looks at files")
        indexes = [
            models.Index(fields=["file", "by", "what", "at"], name="file_view_recent"),
            models.Index(fields=["-at", "-id"], name="file_view_at"),
        ]


class NumberSeries(models.Model):
    """The last serial given in an office, year and series; the row is locked while a number is given."""

    office_code = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    series = models.CharField(max_length=2)
    last = models.PositiveIntegerField(default=0)

    objects: Any = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office_code", "year", "series"], name="number_series_once")]

"""What a company files again and again: templates, its address book, what it used, and how a draft began."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from declarations.models.declaration import Declaration
from traders.models import Company


class Template(models.Model):
    """A form of `company`, filled in once: its content is a draft that nobody lodges (`Source.TEMPLATE`)."""

    declaration = models.OneToOneField(
        Declaration, on_delete=models.CASCADE, related_name="template", verbose_name=_("content")
    )
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", verbose_name=_("company"))
    name = models.CharField(_("name"), max_length=80)
    times_used = models.PositiveIntegerField(_("times used"), default=0)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        constraints = [models.UniqueConstraint("company", Lower("name"), name="template_name_once")]

    def __str__(self) -> str:
        return self.name


class Beginning(models.Model):
    """From what a draft was made, and what was left out of it: rows as `services.carrying` writes them."""

    declaration = models.OneToOneField(
        Declaration, on_delete=models.CASCADE, related_name="beginning", verbose_name=_("declaration")
    )
    earlier = models.ForeignKey(
        Declaration, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("copied from")
    )
    template = models.ForeignKey(
        Template, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("template")
    )
    left_out = models.JSONField(_("left out"), default=list, blank=True)

    class Meta:
        verbose_name = _("beginning of a draft")
        verbose_name_plural = _("beginnings of drafts")

    def __str__(self) -> str:
        return f"{self.declaration_id}"


class Party(models.Model):
    """An entry of the company's address book. `key` tells names apart as people do; an ended entry stays, unseen."""

    class Role(models.TextChoices):
        EXPORTER = "exporter", _("exporter")
        CONSIGNEE = "consignee", _("consignee")
        CARRIER = "carrier", _("carrier")
        SUPPLIER = "supplier", _("supplier")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", verbose_name=_("company"))
    roles = ArrayField(models.CharField(max_length=9, choices=Role.choices), verbose_name=_("roles"))
    name = models.CharField(_("name"), max_length=175)
    address = models.CharField(_("address"), max_length=350, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=20, blank=True)
    key = models.CharField(max_length=200, editable=False)
    times_used = models.PositiveIntegerField(_("times used"), default=0)
    last_used_on = models.DateField(_("last used"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("changed by"),
    )  # fmt: skip
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("ended by"),
    )  # fmt: skip

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(fields=["company", "key"], name="party_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(key="") & ~Q(roles=[]), name="party_is_somebody"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="party_end_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def role_names(self) -> list[str]:
        """What the party is to the company, in words."""
        return [str(self.Role(role).label) for role in self.roles]


class UsedCode(models.Model):
    """How many lodged declarations of a company named a code of a list, and when the last one did."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", verbose_name=_("company"))
    code_list = models.CharField(_("list"), max_length=20)
    code = models.CharField(_("code"), max_length=17)
    times = models.PositiveIntegerField(_("times used"), default=0)
    last_on = models.DateField(_("last used"))

    class Meta:
        ordering = ["company", "code_list", "code"]
        verbose_name = _("code that a company uses")
        verbose_name_plural = _("codes that companies use")
        constraints = [models.UniqueConstraint(fields=["company", "code_list", "code"], name="used_code_once")]

    def __str__(self) -> str:
        return f"{self.code_list} {self.code} × {self.times}"


class Learnt(models.Model):
    """A lodged declaration that was counted into `UsedCode` and the address book: it is counted once."""

    declaration = models.OneToOneField(
        Declaration, on_delete=models.CASCADE, primary_key=True, related_name="+", verbose_name=_("declaration")
    )

    class Meta:
        verbose_name = _("declaration learnt from")
        verbose_name_plural = _("declarations learnt from")

    def __str__(self) -> str:
        return f"{self.declaration_id}"

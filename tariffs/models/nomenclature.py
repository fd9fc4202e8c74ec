"""The nomenclature: sections, and commodities from chapter (two digits) to national code (up to eleven)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from lib.languages import in_language
from lib.validity import one_value_a_day
from tariffs.models.codes import Dated, Named
from tariffs.models.law import LegalAct

models.CharField.register_lookup(Length)


class Section(Named):
    """A section of the Harmonized System, I to XXI."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    roman = models.CharField(_("section"), max_length=5, unique=True)
    first_chapter = models.CharField(_("first chapter"), max_length=2)
    last_chapter = models.CharField(_("last chapter"), max_length=2)
    note = models.TextField(_("note"), blank=True)
    note_ru = models.TextField(_("note in Russian"), blank=True)
    note_tg = models.TextField(_("note in Tajik"), blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")


class Commodity(Dated):
    """A line of the nomenclature. `code` has 2 (chapter), 4 (heading), 6 (HS) or more digits, without dots.

    `indent` counts the dashes before the national text; `declarable` lines have nothing below them.
    `note` says what a chapter, heading or line covers or leaves out.
    `legal_act` is the table the line was last taken from (none: the Harmonized System itself).
    """

    code = models.CharField(_("code"), max_length=11)
    description = models.TextField(_("description"), blank=True)
    description_ru = models.TextField(_("description in Russian"), blank=True)
    description_tg = models.TextField(_("description in Tajik"), blank=True)
    note = models.TextField(_("note"), blank=True)
    note_ru = models.TextField(_("note in Russian"), blank=True)
    note_tg = models.TextField(_("note in Tajik"), blank=True)
    indent = models.PositiveSmallIntegerField(_("dashes"), default=0)
    declarable = models.BooleanField(_("may be declared"), default=False)
    supplementary_unit = models.CharField(_("supplementary unit"), max_length=4, blank=True)
    legal_act = models.ForeignKey(
        LegalAct,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="commodities",
        verbose_name=_("legal act"),
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("commodity")
        verbose_name_plural = _("commodities")
        constraints = [
            one_value_a_day("commodity_once_a_day", "code"),
            models.CheckConstraint(condition=Q(code__regex=r"^\d{2,11}$"), name="commodity_code_digits"),
        ]
        indexes = [models.Index(fields=["code"], name="commodity_code", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self, 'description')}"

"""The law of papers: of which documents customs wants to see a scan before it takes a declaration."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.validity import one_value_a_day
from tariffs.models.codes import Dated
from tariffs.models.law import LegalAct


class ScanRule(Dated):
    """A document that is named in box 44 under a procedure (empty: under any) has to come with its scan."""

    document_code = models.CharField(_("document"), max_length=5)
    procedure = models.CharField(_("procedure"), max_length=4, blank=True)
    is_example = models.BooleanField(_("example, not published law"), default=False)
    legal_act = models.ForeignKey(LegalAct, on_delete=models.PROTECT, related_name="+", verbose_name=_("legal act"))

    class Meta:
        ordering = ["document_code", "procedure", "valid_from"]
        verbose_name = _("document whose scan is asked for")
        verbose_name_plural = _("documents whose scans are asked for")
        constraints = [
            one_value_a_day("scan_rule_once_a_day", "document_code", "procedure"),
            models.CheckConstraint(condition=~Q(document_code=""), name="scan_rule_names_a_document"),
        ]

    def __str__(self) -> str:
        return f"{self.document_code} {self.procedure}"

"""What rows of law share that are known by a code: words in three languages, a note, whether it is law, the act."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tariffs.models.codes import Dated, Named
from tariffs.models.law import LegalAct


class CodedLaw(Dated, Named):
    """A dated row of law with a code, words in three languages, a note, and the act it stands in."""

    code = models.CharField(_("code"), max_length=20)
    note = models.CharField(_("note"), max_length=400, blank=True)
    note_ru = models.CharField(_("note in Russian"), max_length=400, blank=True)
    note_tg = models.CharField(_("note in Tajik"), max_length=400, blank=True)
    is_example = models.BooleanField(_("example, not published law"), default=False)
    legal_act = models.ForeignKey(LegalAct, on_delete=models.PROTECT, related_name="+", verbose_name=_("legal act"))

    class Meta:
        abstract = True

"""What tariff search reads: everyday words for goods, and one row of searchable words for each code."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Synonym(models.Model):
    """An everyday word or brand for goods ("iphone") and the code it stands for."""

    term = models.CharField(_("everyday word"), max_length=120)
    language = models.CharField(_("language"), max_length=2)
    code = models.CharField(_("code"), max_length=11)

    class Meta:
        ordering = ["code", "language", "term"]
        verbose_name = _("everyday word")
        verbose_name_plural = _("everyday words")
        constraints = [
            models.UniqueConstraint(fields=["term", "language", "code"], name="synonym_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^\d{2,11}$"), name="synonym_code_digits"),
            models.CheckConstraint(condition=~Q(term=""), name="synonym_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.term} → {self.code}"


class SearchEntry(models.Model):
    """The words of one code: its own (weight A), everyday words (B), those of the lines above it (C).

    Derived from commodities and synonyms by `tariffs.services.search.rebuild`, never edited.
    """

    code = models.CharField(_("code"), max_length=11, unique=True)
    words = SearchVectorField(_("words"))

    class Meta:
        ordering = ["code"]
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = [GinIndex(fields=["words"], name="search_entry_words")]

    def __str__(self) -> str:
        return self.code

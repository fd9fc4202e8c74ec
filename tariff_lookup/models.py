"""What tariff search reads: everyday words for goods, and the index made from them and from the nomenclature."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Synonym(models.Model):
    """An everyday word for goods, or a brand ("iphone"), and the code it stands for.

    What is sold under a brand is help and no law. `place`: a brand's goods in their order, 0 what it is best known for.
    """

    class Kind(models.TextChoices):
        WORD = "word", _("word")
        BRAND = "brand", _("brand")

    term = models.CharField(_("everyday word"), max_length=120)
    language = models.CharField(_("language"), max_length=2)
    code = models.CharField(_("code"), max_length=11)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.WORD)
    place = models.PositiveSmallIntegerField(_("place among the goods of the brand"), default=0)

    class Meta:
        ordering = ["code", "language", "term"]
        verbose_name = _("everyday word")
        verbose_name_plural = _("everyday words")
        constraints = [
            models.UniqueConstraint(fields=["term", "language", "code"], name="synonym_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^\d{2,11}$"), name="synonym_code_digits"),
            models.CheckConstraint(condition=~Q(term=""), name="synonym_not_empty"),
            models.CheckConstraint(condition=Q(kind__in=["word", "brand"]), name="synonym_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.term} → {self.code}"


class SearchWord(models.Model):
    """The postings of one stem: the numbers of the texts that have it, and its weight in each (thousandths).

    Derived from commodities and synonyms by `tariff_lookup.services.index`, never edited, as are the two tables below.
    `rarity` is the inverse document frequency in thousandths. Numbers are explained in `tariff_lookup.search.numbers`.
    """

    stem = models.CharField(_("stem"), max_length=64, primary_key=True)
    rarity = models.PositiveIntegerField(_("rarity"))
    numbers = ArrayField(models.BigIntegerField(), verbose_name=_("texts"))
    weights = ArrayField(models.IntegerField(), verbose_name=_("weights"))

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")

    def __str__(self) -> str:
        return self.stem


class SearchForm(models.Model):
    """A word as texts have it (folded), how it is spelled, and its stems: to correct typing errors, to finish words.

    `sound`: a Cyrillic word without its ending as Latin letters spell it.
    """

    form = models.CharField(_("form"), max_length=64, primary_key=True)
    spelling = models.CharField(_("spelling"), max_length=64)
    stems = ArrayField(models.CharField(max_length=64), verbose_name=_("stems"))
    seen = models.PositiveIntegerField(_("times seen"))
    sound = models.CharField(_("sound"), max_length=128, default="")

    class Meta:
        verbose_name = _("form of a word")
        verbose_name_plural = _("forms of words")
        indexes = [
            models.Index(fields=["form"], name="search_form_begins", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["sound"], name="search_form_sounds"),
        ]

    def __str__(self) -> str:
        return self.spelling


class SearchTrigram(models.Model):
    """Three letters in a row, and the forms that have them."""

    trigram = models.CharField(_("trigram"), max_length=3, primary_key=True)
    forms = ArrayField(models.CharField(max_length=64), verbose_name=_("forms"))

    class Meta:
        verbose_name = _("trigram")
        verbose_name_plural = _("trigrams")

    def __str__(self) -> str:
        return self.trigram


class IndexState(models.Model):
    """What the index was made from: the edition of the tables that was looked at last, and a mark of their texts."""

    edition = models.BigIntegerField(_("edition"))
    mark = models.CharField(_("mark of the texts"), max_length=80)

    class Meta:
        verbose_name = _("state of the index")
        verbose_name_plural = _("states of the index")

    def __str__(self) -> str:
        return f"{self.edition} {self.mark}"

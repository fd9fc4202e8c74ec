"""History as a chain: each row carries the hash of all rows before it, each day the hash of all chains.

A trigger of the database computes what these columns hold, whoever writes a row; `selectors.chain` reads it again.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from declarations.models.declaration import Declaration


class Chained(models.Model):
    """A row of history in the chain of its declaration: its place from 1, and the hash that all before it lead to.

    `marks` are the beginnings of the hashes of each group of columns: they tell which one was changed.
    """

    place = models.PositiveIntegerField(_("place"), db_default=0, editable=False)
    chain = models.BinaryField(db_default=b"")
    marks = models.BinaryField(db_default=b"")

    class Meta:
        abstract = True


class Chain(models.Model):
    """Where the chain of one version of a declaration begins and ends. Written by the trigger of its rows alone.

    `beginning` is the hash that the version before had come to, empty for the first one.
    """

    declaration = models.OneToOneField(
        Declaration, on_delete=models.CASCADE, primary_key=True, related_name="history_chain"
    )
    length = models.PositiveIntegerField()
    beginning = models.BinaryField()
    head = models.BinaryField()


class Anchor(models.Model):
    """One night's hash over every chain that grew since the night before, chained to that night's. Append-only."""

    day = models.DateField(_("day"), unique=True)
    at = models.DateTimeField(_("at"))
    heads = models.PositiveIntegerField(_("chains that grew"))
    chain = models.BinaryField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")

    @property
    def digest(self) -> str:
        """The hash as people copy it."""
        return bytes(self.chain).hex()


class AnchoredHead(models.Model):
    """How far the chain of a declaration had come in a night. It names the declaration, should that be gone."""

    anchor = models.ForeignKey(Anchor, on_delete=models.PROTECT, related_name="anchored")
    declaration_key = models.BigIntegerField()
    name = models.CharField(max_length=30)
    place = models.PositiveIntegerField()
    chain = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["declaration_key", "place"], name="anchored_head_once")]


class HistoryCheck(models.Model):
    """One reading of all history against its chains, step by step; `asked_by` None: of the night, or by command.

    `reached` and `last` are keys of declarations, `anchors_reached` the key of an anchor: how far it has come.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    since = models.DateField(_("lodged since"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    reached = models.BigIntegerField(default=0)
    last = models.BigIntegerField(default=0)
    anchors_reached = models.BigIntegerField(default=0)
    declarations = models.PositiveIntegerField(_("declarations read"), default=0)
    rows = models.PositiveBigIntegerField(_("rows read"), default=0)
    anchors = models.PositiveIntegerField(_("nights read"), default=0)
    faults = models.PositiveIntegerField(_("faults"), default=0)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("check of history")
        verbose_name_plural = _("checks of history")
        constraints = [
            models.UniqueConstraint(
                models.expressions.Value(1), condition=Q(finished_at=None), name="history_check_one_at_a_time"
            )
        ]

    @property
    def percent(self) -> int:
        """How much of the declarations is read."""
        return min(100, self.reached * 100 // self.last) if self.last else 100


class HistoryFault(models.Model):
    """A row of history that is not as it was written, as one check found it."""

    class Kind(models.TextChoices):
        CHANGED = "changed", _("changed after it was written")
        MISSING = "missing", _("missing")
        ADDED = "added", _("added beside the chain")
        LINK = "link", _("does not follow from the row before it")
        HEAD = "head", _("the end of the chain is not that of its rows")
        BEGINNING = "beginning", _("does not begin where the version before it ended")
        STATUS = "status", _("the status is not that of the last row")
        ANCHORED = "anchored", _("is not as it was anchored")
        ANCHOR = "anchor", _("the anchor of the night was changed")

    class Table(models.TextChoices):
        EVENT = "event", _("event")
        SNAPSHOT = "snapshot", _("content as lodged")

    class Group(models.TextChoices):
        ROW = "row", _("number of the row or its declaration")
        WHO = "who", _("time or person")
        STEP = "step", _("what was done, status")
        NOTE = "note", _("note")
        DETAILS = "details", _("details")
        CONTENT = "content", _("content")
        HASH = "hash", "SHA-256"
        MARKS = "marks", _("its own marks")

    check_run = models.ForeignKey(HistoryCheck, on_delete=models.CASCADE, related_name="found")
    name = models.CharField(_("declaration"), max_length=30)
    table = models.CharField(_("table"), max_length=8, choices=Table.choices, blank=True)
    row = models.BigIntegerField(_("row"), null=True, blank=True)
    place = models.BigIntegerField(_("place"), null=True, blank=True)
    kind = models.CharField(_("fault"), max_length=9, choices=Kind.choices)
    groups = models.CharField(_("what was changed"), max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("fault in history")
        verbose_name_plural = _("faults in history")

    @property
    def groups_in_words(self) -> str:
        """What was changed, in the reader's language."""
        return ", ".join(str(self.Group(group).label) for group in self.groups.split())

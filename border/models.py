"""Travellers at the post: the lane of each version, acts of an officer's phone, goods set aside, what goes to cargo."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from passengers.models import TravelDeclaration
from risk.models import Lane


def _officer(words: Any, **options: Any) -> Any:
    """Who did it; a link that is never lost."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=words, **options
    )


class TravelLane(models.Model):
    """The lane of a version and why, as criteria on travellers gave it. Append-only.

    `drawn_on` is the day whose seeds (`risk.DrawSeed`) drew the random share: the last on which the declaration may be
    presented. A reason of a random share has its ticket and its share, so that the draw can be checked. Lanes from
    before there were seeds of days have the `seed` of their own that drew them, and no day.
    """

    declaration = models.ForeignKey(TravelDeclaration, on_delete=models.PROTECT, related_name="lanes")
    version = models.PositiveIntegerField(_("version"))
    lane = models.CharField(_("lane"), max_length=6, choices=Lane.choices)
    drawn_on = models.DateField(_("day of the draw"), null=True)
    seed = models.CharField(_("seed of the random share"), max_length=64, blank=True)
    reasons = models.JSONField(_("reasons"), default=list, blank=True, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(_("at"))

    objects: Any = models.Manager()

    class Meta:
        ordering = ["declaration_id", "version"]
        verbose_name = _("lane of a traveller")
        verbose_name_plural = _("lanes of travellers")
        constraints = [
            models.UniqueConstraint(fields=["declaration", "version"], name="travel_lane_once"),
            models.CheckConstraint(condition=Q(lane__in=["green", "red"]), name="travel_lane_known"),
            models.CheckConstraint(
                condition=Q(drawn_on__isnull=False, seed="") | Q(drawn_on__isnull=True) & ~Q(seed=""),
                name="travel_lane_drawn_once",
            ),
        ]
        indexes = [models.Index(fields=["drawn_on"], name="travel_lane_drawn")]


class TravelAct(models.Model):
    """An act under the key that the officer's phone gave it: done once, and answered the same ever after.

    `sent` is the SHA-256 of what was asked, `answer` what was said to it; `told_at` the phone's clock. Once answered it
    never changes.
    """

    key = models.CharField(_("key"), max_length=64, unique=True)
    declaration = models.ForeignKey(TravelDeclaration, on_delete=models.PROTECT, related_name="acts")
    verb = models.CharField(_("what"), max_length=20)
    by = _officer(_("by"))
    at = models.DateTimeField(_("at"))
    told_at = models.DateTimeField(_("by the phone's clock"), null=True, blank=True)
    sent = models.CharField("SHA-256", max_length=64)
    answer = models.JSONField(_("answer"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("act at the border")
        verbose_name_plural = _("acts at the border")


class GoodsAside(models.Model):
    """Goods of a traveller that do not go on: kept at the post, sent back, or retained, with a numbered receipt.

    `goods` are those of the declaration (`{"key", "description", "quantity", "unit", "mass"}`), `what` everything in
    words. Goods that are kept wait until `keep_until` and end once; the others have ended when they are set aside.
    """

    class Kind(models.TextChoices):
        KEPT = "kept", _("kept at the post")
        RETURNED = "returned", _("sent back")
        RETAINED = "retained", _("retained")

    class Status(models.TextChoices):
        HELD = "held", _("waits at the post")
        GIVEN_BACK = "given_back", _("given back to the traveller")
        SENT_BACK = "sent_back", _("sent back")
        RETAINED = "retained", _("retained")
        TO_CARGO = "to_cargo", _("handed over to the cargo side")

    declaration = models.ForeignKey(TravelDeclaration, on_delete=models.PROTECT, related_name="aside")
    number = models.CharField(_("number of the receipt"), max_length=16, unique=True)
    kind = models.CharField(_("what was done"), max_length=8, choices=Kind.choices)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.HELD)
    post = models.CharField(_("post"), max_length=8)
    goods = models.JSONField(_("goods"), default=list, blank=True, encoder=DjangoJSONEncoder)
    what = models.CharField(_("what"), max_length=500)
    pieces = models.PositiveIntegerField(_("pieces"), default=1)
    place = models.CharField(_("where it lies"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    by = _officer(_("by"))
    at = models.DateTimeField(_("at"))
    keep_until = models.DateField(_("kept until"), null=True, blank=True)
    term = models.CharField(_("row of law of the term"), max_length=20, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    ended_by = _officer(_("decided by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("decided"), null=True, blank=True)
    end_note = models.CharField(_("why"), max_length=500, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["keep_until", "pk"]
        verbose_name = _("goods set aside")
        verbose_name_plural = _("goods set aside")
        constraints = [
            models.CheckConstraint(condition=~Q(what="") & ~Q(reason=""), name="aside_says_what_and_why"),
            models.CheckConstraint(
                condition=~Q(kind="kept") | Q(keep_until__isnull=False), name="aside_waits_where_kept"
            ),
            models.CheckConstraint(
                condition=Q(status="held", ended_at__isnull=True, ended_by__isnull=True)
                | ~Q(status="held") & Q(ended_at__isnull=False, ended_by__isnull=False),
                name="aside_end_complete",
            ),
        ]
        indexes = [models.Index(fields=["post", "keep_until"], name="aside_clock", condition=Q(status="held"))]

    def __str__(self) -> str:
        return self.number


class CargoHandover(models.Model):
    """What a traveller carries beyond a traveller's goods, handed over: `content` is canonical JSON of a declaration.

    An officer of the cargo side gives it to the company that will declare: a draft on its desk, `draft_key` then.
    """

    declaration = models.OneToOneField(TravelDeclaration, on_delete=models.PROTECT, related_name="handover")
    office_code = models.CharField(_("office"), max_length=8)
    content = models.JSONField(_("content"), encoder=DjangoJSONEncoder)
    reason = models.CharField(_("reason"), max_length=500)
    by = _officer(_("by"))
    at = models.DateTimeField(_("at"))
    company_tin = models.CharField(_("TIN of the declarant"), max_length=20, blank=True)
    draft_key = models.UUIDField(_("draft"), null=True, blank=True)
    taken_by = _officer(_("given to the declarant by"), null=True, blank=True)
    taken_at = models.DateTimeField(_("given to the declarant"), null=True, blank=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("handover to the cargo side")
        verbose_name_plural = _("handovers to the cargo side")
        constraints = [
            models.CheckConstraint(
                condition=Q(draft_key__isnull=True, taken_at__isnull=True, taken_by__isnull=True, company_tin="")
                | Q(draft_key__isnull=False, taken_at__isnull=False, taken_by__isnull=False) & ~Q(company_tin=""),
                name="handover_taken_complete",
            ),
        ]

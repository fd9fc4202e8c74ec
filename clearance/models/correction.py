"""Corrections of lodged declarations, and what became of each discrepancy that an examination found."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clearance.models.case import Finding
from declarations.models import Declaration, Penalty
from tariffs.models import CorrectionRule


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def open(self) -> Self:
        """Sent, and neither taken nor turned down."""
        return self.filter(status__in=Correction.OPEN)


def _person(name: Any, **more: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=name, **more
    )


class Correction(models.Model):
    """A change of a lodged declaration, from its draft to its end; the draft holds what is to be declared instead.

    An amendment is made before release, a disclosure (more is due) or claim (less, or nothing) after it by the trader;
    a proposal is an officer's, with the findings it rests on. Of a proposal `answer` is why the trader contests it. Of
    a claim `advice` is the end that the first officer has chosen; after release another one confirms it. `effect` and
    `difference` (in national currency, of what is payable) are those of the moment when it was sent.
    """

    class Kind(models.TextChoices):
        AMENDMENT = "amendment", _("amendment")
        DISCLOSURE = "disclosure", _("voluntary disclosure")
        CLAIM = "claim", _("claim")
        PROPOSAL = "proposal", _("proposal of customs")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENT = "sent", _("sent")
        DECIDED = "decided", _("decided by the first officer")
        CONTESTED = "contested", _("contested")
        ACCEPTED = "accepted", _("accepted")
        UPHELD = "upheld", _("upheld")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DROPPED = "dropped", _("dropped")

    OPEN = (Status.SENT, Status.DECIDED, Status.CONTESTED)
    APPLIED = (Status.ACCEPTED, Status.UPHELD)

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="corrections")
    draft = models.OneToOneField(Declaration, on_delete=models.CASCADE, related_name="correction")
    mrn = models.CharField("MRN", max_length=18)
    office_code = models.CharField(_("office"), max_length=8)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.DRAFT)
    findings = models.ManyToManyField(Finding, blank=True, related_name="proposals", verbose_name=_("findings"))
    made_by = _person(_("made by"))
    made_at = models.DateTimeField(_("made"))
    reason = models.TextField(_("reason"), blank=True)
    moment = models.CharField(_("moment"), max_length=14, choices=CorrectionRule.Moment.choices, blank=True)
    effect = models.CharField(_("effect"), max_length=4, choices=CorrectionRule.Effect.choices, blank=True)
    difference = models.DecimalField(_("difference"), max_digits=18, decimal_places=4, null=True, blank=True)
    needs_consent = models.BooleanField(_("needs an officer's consent"), default=False)
    act = models.CharField(_("legal act"), max_length=60, blank=True)
    sent_by = _person(_("sent by"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    answer = models.TextField(_("why it is contested"), blank=True)
    answered_by = _person(_("answered by"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    advice = models.CharField(_("first decision"), max_length=9, blank=True)
    advice_text = models.TextField(_("grounds"), blank=True)
    advised_by = _person(_("decided by"), null=True, blank=True)
    advised_at = models.DateTimeField(_("decided"), null=True, blank=True)
    ended_by = _person(_("ended by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_text = models.TextField(_("grounds of the end"), blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.UniqueConstraint(
                fields=["mrn"], name="correction_one_open", condition=Q(status__in=["sent", "decided", "contested"])
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(sent_at__isnull=False, sent_by__isnull=False) & ~Q(reason="") & ~Q(effect="") & ~Q(moment=""),
                name="correction_sent_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status="contested") | ~Q(answer="") & Q(answered_by__isnull=False),
                name="correction_contest_explained",
            ),
            models.CheckConstraint(
                condition=~Q(status="decided") | Q(advised_by__isnull=False) & ~Q(advice=""),
                name="correction_advice_complete",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "sent", "decided", "contested"])
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="correction_end_complete",
            ),
            models.CheckConstraint(
                condition=Q(kind="proposal", status="accepted")
                | ~Q(status__in=["accepted", "refused"])
                | Q(needs_consent=False)
                | ~Q(moment="after_release")
                | Q(advised_by__isnull=False) & ~Q(advised_by=F("ended_by")),
                name="correction_two_officers",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["upheld", "dropped"]) | ~Q(ended_by=F("made_by")),
                name="correction_contest_judged_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["office_code", "sent_at"],
                name="correction_waiting",
                condition=Q(status__in=["sent", "decided", "contested"]),
            ),
            models.Index(fields=["mrn", "-id"], name="correction_of_mrn"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.mrn}"

    @property
    def is_proposal(self) -> bool:
        return self.kind == self.Kind.PROPOSAL


class Outcome(models.Model):
    """What became of a discrepancy: the declaration was corrected, a fine was decided, or an officer closed it with a
    reason. Append-only; no file is released while a discrepancy is without one.
    """

    class How(models.TextChoices):
        CORRECTED = "corrected", _("the declaration was corrected")
        FINED = "fined", _("a fine was decided")
        CLOSED = "closed", _("closed with a reason")

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="settled")
    mrn = models.CharField("MRN", max_length=18)
    how = models.CharField(_("how"), max_length=9, choices=How.choices)
    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, null=True, blank=True, related_name="outcomes")
    penalty = models.ForeignKey(Penalty, on_delete=models.PROTECT, null=True, blank=True, related_name="outcomes")
    reason = models.TextField(_("reason"), blank=True)
    by = _person(_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("outcome of a discrepancy")
        verbose_name_plural = _("outcomes of discrepancies")
        constraints = [
            models.CheckConstraint(
                condition=Q(how="corrected", correction__isnull=False)
                | Q(how="fined", penalty__isnull=False)
                | Q(how="closed") & ~Q(reason=""),
                name="outcome_says_how",
            )
        ]
        indexes = [models.Index(fields=["at"], name="outcome_closed_at", condition=Q(how="closed"))]

"""What people are told, by which ways they want it, and what waits to be sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from declarations.models import Declaration
from notifications.kinds import Channel, Kind, Mail
from traders.models import Company


class Message(models.Model):
    """One event as one person is told of it. It is there once, however often its task runs.

    `occurrence` names the thing and the time of it, such as "query:17". `params` fill the places of the kind's words;
    they are in no language. What it leads to is `declaration` or `company`, through the access gate of that thing.
    """

    # Beside the constraint and the indexes below none is needed for a key alone: each costs every event.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    occurrence = models.CharField(max_length=60)
    variant = models.CharField(max_length=12, blank=True)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, null=True, related_name="messages")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="messages", db_index=False)
    params = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "occurrence"], name="message_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="message_kind_known"),
            models.CheckConstraint(condition=~Q(occurrence=""), name="message_occurrence_not_empty"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-at", "-id"], name="message_of_recipient"),
            models.Index(fields=["recipient"], name="message_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurrence}"


class Delivery(models.Model):
    """The outbox: a message that goes to its recipient by e-mail or SMS. `due_at` is when it is tried next.

    Whoever takes a row up moves `due_at` on by the length of a lease, so that nobody else takes it meanwhile.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waits")
        SENT = "sent", _("sent")
        FAILED = "failed", _("refused for good")
        GIVEN_UP = "given_up", _("given up")
        DROPPED = "dropped", _("no longer needed")

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    daily = models.BooleanField(default=False)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=100, blank=True)
    fault = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="delivery_once_a_channel"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="delivery_channel_known"),
            models.CheckConstraint(condition=Q(daily=False) | Q(channel="email"), name="delivery_daily_by_mail"),
            models.CheckConstraint(
                condition=Q(status="waiting", ended_at__isnull=True) | ~Q(status="waiting") & Q(ended_at__isnull=False),
                name="delivery_end_complete",
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "daily", "due_at"], name="delivery_due", condition=Q(status="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.channel} {self.status}"


class Choice(models.Model):
    """By which ways a person wants to be told of a kind; without a row the usual ones (`notifications.kinds.USUAL`)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="choices_of_ways", db_index=False
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    inbox = models.BooleanField()
    mail = models.CharField(max_length=7, choices=Mail.choices, blank=True)
    sms = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="choice_once_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="choice_kind_known"),
            models.CheckConstraint(condition=Q(mail__in=Mail.values), name="choice_mail_known"),
            models.CheckConstraint(
                condition=Q(inbox=True) | Q(mail="", sms=False), name="choice_what_is_sent_is_in_the_inbox"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class Phone(models.Model):
    """A person's number for SMS, written as +992…; it counts once the person has typed the code sent to it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="phone_for_sms")
    number = models.CharField(max_length=16)
    asked_at = models.DateTimeField()
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(number__regex=r"^\+[1-9][0-9]{7,14}$"), name="phone_number")]

    def __str__(self) -> str:
        return self.number

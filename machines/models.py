"""Programs of companies and their tokens, the feed of events, and webhooks with the log of what was sent."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from declarations.models import Declaration
from machines.kinds import Kind, Scope
from traders.models import Company


class Program(models.Model):
    """A program that works for a company. It acts as `user`, which holds rights in the company and never signs in."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="programs", verbose_name=_("company"))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="program", verbose_name=_("acts as")
    )
    name = models.CharField(_("name"), max_length=80)
    added_at = models.DateTimeField(_("added"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "name"], condition=Q(ended_at__isnull=True), name="program_name_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="program_name_not_empty"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="program_end_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Token(models.Model):
    """A named token with which `user` signs in, with scopes and an end of its own. Only its hash is kept.

    `program` is the program that acts, or None: then a person works alone. `start` tells it apart.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens", verbose_name=_("acts as")
    )
    program = models.ForeignKey(
        Program,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tokens",
        verbose_name=_("program"),
    )
    name = models.CharField(_("name"), max_length=80)
    start = models.CharField(_("begins with"), max_length=12)
    digest = models.CharField("SHA-256", max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), verbose_name=_("scopes"))
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    expires_at = models.DateTimeField(_("expires"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    used_on = models.DateField(_("last used"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        constraints = [
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="token_digest_is_one"),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("made_at")), name="token_expires_later"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.start}…"


class Happening(models.Model):
    """An event as a company's programs read it: the feed in the order of `id`. `data` is what they get."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    subject = models.BigIntegerField()
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    data = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["company", "kind", "subject"], name="happening_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="happening_kind_known"),
        ]
        indexes = [models.Index(fields=["company", "id"], name="happening_feed")]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class Endpoint(models.Model):
    """An address of a company's that events are sent to. `secret` signs them and is kept encrypted.

    `kinds` names what is sent; none named is everything. `rests_until`: nothing is tried before, as it did not answer.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="endpoints", verbose_name=_("company"))
    url = models.URLField(_("address"), max_length=500)
    kinds = ArrayField(
        models.CharField(max_length=24, choices=Kind.choices), verbose_name=_("events"), default=list, blank=True
    )
    secret = models.TextField()
    rests_until = models.DateTimeField(null=True)
    added_at = models.DateTimeField(_("added"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.url


class Sending(models.Model):
    """The outbox of webhooks: one event for one address. `due_at` is when it is tried next."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waits")
        SENT = "sent", _("taken")
        GIVEN_UP = "given_up", _("given up")

    happening = models.ForeignKey(Happening, on_delete=models.PROTECT, related_name="sendings")
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="sendings", db_index=False)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["happening", "endpoint"], name="sending_once"),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "sent", "given_up"]), name="sending_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="sending_log"),
            models.Index(fields=["endpoint", "due_at"], name="sending_due", condition=Q(status="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.happening_id} → {self.endpoint_id}"


class Trial(models.Model):
    """One try to deliver: when, what the address answered (0: it did not) and how long it took. Only grows."""

    sending = models.ForeignKey(Sending, on_delete=models.PROTECT, related_name="trials")
    at = models.DateTimeField()
    answer = models.PositiveSmallIntegerField(default=0)
    milliseconds = models.PositiveIntegerField()
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.sending_id} {self.answer}"


class Repeat(models.Model):
    """What a request with an `Idempotency-Key` was answered, so that it is answered the same when it is sent again.

    Without an answer it is being worked on since `begun_at`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    begun_at = models.DateTimeField(db_index=True)
    code = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="repeat_once")]

    def __str__(self) -> str:
        return self.key

"""The public keys under which travellers' receipts are signed, and the receipts that no longer count.

Private halves are files (ADR 50) and never here.
"""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lib.signed_cbor import KEY_ID_BYTES, PublicKey
from lib.travel_receipt import ID_BYTES

PUBLIC_BYTES = 32


class SigningKey(models.Model):
    """The public half of a key. One signs without a set end; it ends when the next one begins. A key verifies for ever,
    unless it is withdrawn since somebody else may have it. Never deleted; triggers keep all but the end."""

    key_id = models.CharField(_("key id"), max_length=2 * KEY_ID_BYTES, unique=True)
    public = models.CharField(_("public key"), max_length=2 * PUBLIC_BYTES, unique=True)
    signs_from = models.DateTimeField(_("signs from"))
    signs_until = models.DateTimeField(_("signs until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        ordering = ["signs_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["signs_until"],
                name="travel_receipts_one_open_key",
                nulls_distinct=False,
                condition=Q(signs_until=None),
            ),
            models.CheckConstraint(
                condition=Q(signs_until=None) | Q(signs_until__gte=F("signs_from")),
                name="travel_receipts_key_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(signs_until__isnull=False),
                name="travel_receipts_withdrawn_key_has_ended",
            ),
            models.CheckConstraint(
                condition=Q(key_id__regex=f"^[0-9a-f]{{{2 * KEY_ID_BYTES}}}$")
                & Q(public__regex=f"^[0-9a-f]{{{2 * PUBLIC_BYTES}}}$"),
                name="travel_receipts_key_is_hexadecimal",
            ),
        ]

    def __str__(self) -> str:
        return self.key_id

    @property
    def half(self) -> PublicKey:
        """As readers of receipts take it."""
        return PublicKey(bytes.fromhex(self.public), self.signs_from, self.signs_until, self.withdrawn_at)


class Why(models.TextChoices):
    USED = "used", _("used at the border")
    REVOKED = "revoked", _("replaced, paid back or cancelled")


class WithdrawnReceiptQuerySet(models.QuerySet["WithdrawnReceipt"]):
    def still_valid(self, *, at: datetime) -> Self:
        """Those that would count but for this row: an expired one need not be told."""
        return self.filter(valid_until__gte=at)


class WithdrawnReceipt(models.Model):
    """A receipt that no longer counts, known by the beginning of its signature alone. Rows are only added."""

    receipt_id = models.CharField(_("receipt"), max_length=2 * ID_BYTES)
    why = models.CharField(_("why"), max_length=7, choices=Why.choices)
    valid_until = models.DateTimeField(_("valid until"))
    at = models.DateTimeField(_("withdrawn"), db_index=True)

    objects = WithdrawnReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("withdrawn receipt")
        verbose_name_plural = _("withdrawn receipts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["receipt_id", "why"], name="travel_receipts_withdrawn_once"),
            models.CheckConstraint(condition=Q(why__in=Why.values), name="travel_receipts_known_reason"),
            models.CheckConstraint(
                condition=Q(receipt_id__regex=f"^[0-9a-f]{{{2 * ID_BYTES}}}$"), name="travel_receipts_id_is_hexadecimal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id} {self.why}"

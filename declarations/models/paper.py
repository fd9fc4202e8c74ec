"""Papers: those that customs issued, each with the token by which anybody may check it, and those kept in print."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from declarations.models.declaration import Declaration
from declarations.models.record import StoredFile


class IssuedPaper(models.Model):
    """A paper that customs issued: about one version of a declaration, about books of money, or a company.

    Append-only. Whoever holds its token (in the QR) can check it. Its files are one for each language, or one for each
    print of a paper that shows how the declaration stands.
    """

    class Kind(models.TextChoices):
        SAD = "sad", _("SAD")
        NOTICE = "notice", _("assessment notice")
        RECEIPT = "receipt", _("receipt")
        RELEASE_NOTE = "release_note", _("release note")
        EXIT_NOTE = "exit_note", _("exit note")
        STOCK = "stock", _("stock account")
        CLOSING = "closing", _("closing of a day")
        DEFERRED = "deferred", _("statement of deferred payment")
        AUDIT_NOTICE = "audit_notice", _("notice of an audit")
        AUDIT_REPORT = "audit_report", _("report of an audit")

    OF_BOOKS = (Kind.CLOSING, Kind.DEFERRED)

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, null=True, related_name="issued_papers")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    number = models.CharField(_("number"), max_length=40)
    token = models.CharField(_("token"), max_length=43, unique=True)
    issued_at = models.DateTimeField(_("issued"))

    class Meta:
        verbose_name = _("issued paper")
        verbose_name_plural = _("issued papers")
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="issued_paper_once"),
            models.CheckConstraint(
                condition=Q(declaration=None, kind__in=["closing", "deferred", "audit_notice", "audit_report"])
                | Q(declaration__isnull=False) & ~Q(kind__in=["closing", "deferred", "audit_notice", "audit_report"]),
                name="issued_paper_of_a_declaration_or_of_books",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def address(self) -> str:
        """Where anybody can check the paper; what its QR says."""
        return settings.SITE_URL + reverse("verify_token", args=[self.token])

    def file_in(self, language: str) -> StoredFile:
        """The kept file in that language."""
        file: IssuedFile = self.files.select_related("stored").exclude(stored=None).get(language=language)
        assert file.stored is not None
        return file.stored


class IssuedFile(models.Model):
    """What was handed out of an issued paper: the hash of the (signed) file. Append-only.

    It is stored with its declaration; of a paper about books it is `file`. Neither: it was printed on demand and is
    kept for some days alone.
    """

    paper = models.ForeignKey(IssuedPaper, on_delete=models.PROTECT, related_name="files")
    language = models.CharField(_("language"), max_length=5)
    sha256 = models.CharField("SHA-256", max_length=64)
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="issued")
    file = models.FileField(_("file"), upload_to="issued", blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["pk"]


class PrintedPaper(models.Model):
    """A SAD or a notice in one language, as the declaration stood in the moment `state_of`, kept for some days.

    `file` is empty until the worker has printed it. Nothing hangs on it: it can be printed again at any time.
    """

    class Kind(models.TextChoices):
        SAD = "sad", _("SAD")
        NOTICE = "notice", _("assessment notice")

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="printed_papers")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    language = models.CharField(_("language"), max_length=5)
    state_of = models.DateTimeField(_("as of"))
    asked_at = models.DateTimeField(_("asked"))
    file = models.FileField(_("file"), upload_to="papers", blank=True)

    class Meta:
        verbose_name = _("paper in print")
        verbose_name_plural = _("papers in print")
        constraints = [
            models.UniqueConstraint(fields=["declaration", "kind", "language"], name="printed_paper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.declaration_id} {self.language}"

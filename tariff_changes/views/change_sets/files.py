"""A file for a change set: uploaded, compared in a dry run, and taken over or given up."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import person
from lib.uploads import read_upload
from lib.violations import Rejected, Violation
from tariff_changes.forms.change_sets import EDITION, WHOLE_TARIFF, FileForm, KeptFileForm
from tariff_changes.models import ChangeSet
from tariff_changes.selectors.shown_rows import shown_as_it_is
from tariff_changes.services import Difference, change_files
from tariff_changes.services.change_files import KeptFile
from tariff_changes.views.change_sets.gate import makers_only, number_in, set_or_404
from tariffs.columns import LAW

ROWS_SHOWN = 20


@makers_only
@require_POST
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the file and lead to its comparison. Nothing of the set changes."""
    held = set_or_404(pk)
    form = FileForm(request.POST, request.FILES, auto_id="file_%s")
    if not form.is_valid():
        return render(request, "tariff_changes/change_sets/file.html", {"set": held, "form": form}, status=422)
    given = form.cleaned_data
    sha256 = change_files.keep(held, read_upload(given["file"]))
    options = {"name": given["file"].name[-200:]}
    if given["table"] == EDITION:
        options["correlation"] = change_files.keep(held, read_upload(given["correlation"]))
        options["correlation_name"] = given["correlation"].name[-200:]
    elif given["table"] != WHOLE_TARIFF:
        options["table"] = given["table"]
    if given["end_missing"]:
        options["end_missing"] = "on"
    return redirect(f"{reverse('change_set_file', args=[pk, sha256])}?{urlencode(options)}")


def _file(request: HttpRequest, sha256: str) -> KeptFile:
    """The kept file that an address or a form names."""
    form = KeptFileForm(request.POST or request.GET)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    return KeptFile(sha256, **{**given, "name": given["name"] or _("file")})


@makers_only
@require_GET
def compared(request: HttpRequest, pk: int, sha256: str) -> HttpResponse:
    """The dry run: what the file would change. The address can be left and found again."""
    held, file = set_or_404(pk), _file(request, sha256)
    if not change_files.is_kept(held, file):
        return _gone(request, held)
    return _compared(request, held, file)


def _compared(
    request: HttpRequest, held: ChangeSet, file: KeptFile, refused: list[Violation] | None = None
) -> HttpResponse:
    found: Difference | None = None
    faults = refused or []
    try:
        found = change_files.compare(held, file)
    except Rejected as rejected:
        faults = [*faults, *rejected.violations]
    table = EDITION if file.correlation else file.table or WHOLE_TARIFF
    context = {
        "set": held,
        "kept": file,
        "difference": found,
        "groups": _groups(found) if found else [],
        "faults": [(*_place(fault), fault) for fault in faults],
        "form": FileForm(auto_id="file_%s", initial={"table": table, "end_missing": file.end_missing}),
        "rows_shown": ROWS_SHOWN,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tariff_changes/change_sets/file.html", context, status=status)


def _groups(found: Difference) -> list[dict[str, Any]]:
    """The proposed rows by table and action, each with its first rows."""
    groups = []
    for key, count in found.counts.items():
        table, action = key.split(".")
        groups.append(
            {
                "table": LAW[table].label,
                "action": action,
                "count": count,
                "rows": [shown_as_it_is(row) for row in found.of(table, action)[:ROWS_SHOWN]],
            }
        )
    return groups


def _place(fault: Violation) -> tuple[str, str]:
    """Row and column that a fault of a file names."""
    parts = fault.pointer.rsplit(":", 2)
    return (parts[1], parts[2]) if len(parts) == 3 else ("", "")


def _gone(request: HttpRequest, held: ChangeSet) -> HttpResponse:
    messages.warning(request, _("This file was already taken over or discarded. Upload it again if you need it."))
    return redirect("change_set", held.pk)


@makers_only
@require_POST
def take_over(request: HttpRequest, pk: int, sha256: str) -> HttpResponse:
    """Put the rows of the comparison into the set."""
    held, file = set_or_404(pk), _file(request, sha256)
    if not change_files.is_kept(held, file):
        return _gone(request, held)
    version = number_in(request.POST.get("version", ""))
    try:
        count = change_files.take_over(held, file, version=version, by=person(request), at=timezone.now())
    except Rejected as rejected:
        return _compared(request, set_or_404(pk), file, rejected.violations)
    sentence = ngettext("%(count)d row was taken over.", "%(count)d rows were taken over.", count)
    messages.success(request, sentence % {"count": count})
    return redirect("change_set", pk)


@makers_only
@require_POST
def give_up(request: HttpRequest, pk: int, sha256: str) -> HttpResponse:
    """Forget the file."""
    held = set_or_404(pk)
    change_files.give_up(held, _file(request, sha256))
    messages.info(request, _("The file is discarded. Nothing in the set has changed."))
    return redirect("change_set", pk)

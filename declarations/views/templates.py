"""Pages of templates: the list, one of them with its name, what is made from it, and the making of one."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import person
from declarations import selectors, services
from declarations.forms import begin
from declarations.forms.repeating import NameForm, TemplateForm, tell
from declarations.models import Template
from declarations.views.begun import opened
from declarations.views.gate import seen_by, signed_in
from lib.violations import Rejected

ROWS = 50


def template_of(request: HttpRequest, key: uuid.UUID) -> Template:
    """The template whose content has this id, if the person may use it. Raises Http404."""
    found = selectors.templates_of(person(request), on=timezone.localdate()).filter(declaration__public_id=key).first()
    if found is None:
        raise Http404
    return found


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: HttpRequest) -> HttpResponse:
    """All templates one may use; a POST makes one from nothing and opens its form."""
    on, text = timezone.localdate(), request.GET.get("text", "").strip()[:80]
    companies = selectors.served_by(person(request), on=on)
    form = TemplateForm(request.POST or None, companies=companies, on=on)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("declaration_section", _made(request, form).declaration.public_id, "procedure")
        except Rejected as rejected:
            tell(form, rejected)
    rows = selectors.templates_of(person(request), on=on).order_by("company__name", "name")
    if text:
        rows = rows.filter(name__icontains=text)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "companies": companies, "text": text}
    return render(request, "declarations/templates.html", context, status=422 if form.errors else 200)


def _made(request: HttpRequest, form: TemplateForm) -> Template:
    company = form.companies[form.cleaned_data["company"]]
    procedure = form.procedures[form.cleaned_data["procedure"]]
    data = begin.known(begin.Client(company, company), procedure, last=None, on=timezone.localdate())
    name, at = form.cleaned_data["name"], timezone.now()
    return services.make_template(company, name=name, data=data, by=person(request), at=at)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One template: what it is for, its name to change, and who may file from it."""
    found = template_of(request, key)
    form = NameForm(request.POST or None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_template(found, name=form.cleaned_data["name"])
            messages.success(request, _("Saved."))
            return redirect("template", key)
        except Rejected as rejected:
            tell(form, rejected)
    on = timezone.localdate()
    context: dict[str, Any] = {
        "template": found,
        "form": form,
        "content": selectors.as_dict(found.declaration),
        "agents": selectors.agents_for(person(request), found.company, on=on),
    }
    return render(request, "declarations/template.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def file_from(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A draft from the template, at the first box that is still to be filled in."""
    found, on = template_of(request, key), timezone.localdate()
    agents = selectors.agents_for(person(request), found.company, on=on)
    declarant = begin.chosen(agents, request.POST.get("declarant", "")) or next(iter(agents), None)
    if declarant is None:
        raise Http404
    draft = services.file_from(found, declarant=declarant, by=person(request), at=timezone.now())
    return opened(request, draft)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Delete a template; asked for once more first, for it cannot be undone."""
    found = template_of(request, key)
    if request.method == "POST":
        services.delete_template(found, by=person(request), at=timezone.now())
        messages.success(request, _("The template “%(name)s” was deleted.") % {"name": found.name})
        return redirect("templates")
    return render(request, "declarations/template_delete.html", {"template": found})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """A template from a draft or a lodged declaration."""
    source, on = seen_by(request, key), timezone.localdate()
    company = selectors.served_by_draft(person(request), source, on=on)
    if company is None:
        raise Http404
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_template(
                company, name=form.cleaned_data["name"], source=source, by=person(request), at=timezone.now()
            )
        except Rejected as rejected:
            tell(form, rejected)
        else:
            messages.success(request, _("The template is kept. What changes each time may be emptied in it."))
            return redirect("template", made.declaration.public_id)
    context = {"source": source, "company": company, "form": form}
    return render(request, "declarations/template_make.html", context, status=422 if form.errors else 200)

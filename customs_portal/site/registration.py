"""The page where a signed-in person registers a company: the one page that needs both the law (the shape of a TIN,
from `tariffs`) and the companies (`traders`), two apps that do not know each other.
"""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.requests import SignedInRequest
from lib.violations import Rejected
from tariffs.selectors import territory
from traders import services


class CompanyForm(forms.Form):
    tin = forms.CharField(
        label=gettext_lazy("TIN"),
        max_length=20,
        help_text=gettext_lazy("Taxpayer number, as on the tax certificate."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(label=gettext_lazy("Name as in the register"), max_length=200)
    name_ru = forms.CharField(label=gettext_lazy("Name in Russian"), max_length=200, required=False)
    name_tg = forms.CharField(label=gettext_lazy("Name in Tajik"), max_length=200, required=False)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=250, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=gettext_lazy("E-mail of the company"), required=False)


@login_required
def register_company(request: SignedInRequest) -> HttpResponse:
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        land = territory()
        try:
            company = services.register_company(
                by=request.user,
                on=timezone.localdate(),
                at=timezone.now(),
                tin_pattern=land.tin_pattern,
                country=land.code,
                **form.cleaned_data,
            )
        except Rejected as rejected:
            for violation in rejected.violations:
                form.add_error(violation.pointer or None, violation.sentence)
        else:
            text = _("%(company)s is registered. Upload a paper now, so that an officer can confirm it.")
            messages.success(request, text % {"company": company})
            return redirect("company", company.tin)
    return render(request, "traders/register.html", {"form": form}, status=422 if form.errors else 200)

"""A person's own profile, and the key of a machine that acts for the person."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import selectors, services
from accounts.forms import ProfileForm
from accounts.requests import SignedInRequest
from lib.languages import remember_language
from lib.violations import Rejected


@login_required
def profile(request: SignedInRequest) -> HttpResponse:
    language = request.user.language or translation.get_language()
    initial = model_to_dict(request.user) | {"language": language}
    form = ProfileForm(request.POST or None, initial=initial, year=timezone.localdate().year)
    if request.method == "POST" and form.is_valid():
        user = services.change_profile(request.user, **form.cleaned_data)
        with translation.override(user.language):
            messages.success(request, _("Your profile is saved."))
        return remember_language(redirect("profile"), user.language)
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
def token(request: SignedInRequest) -> HttpResponse:
    """Make, replace or revoke the key; it is shown once, in the answer that made it."""
    key = ""
    if request.method == "POST" and "revoke" in request.POST:
        services.revoke_token(request.user)
        messages.success(request, _("The key no longer works."))
        return redirect("token")
    if request.method == "POST":
        try:
            key = services.create_token(request.user, on=timezone.localdate())
        except Rejected as rejected:
            messages.error(request, rejected.violations[0].sentence)
            return redirect("token")
    return render(request, "accounts/token.html", {"key": key, "since": selectors.token_since(request.user)})

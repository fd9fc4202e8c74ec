"""A person's own profile, and the way in of whoever was invited."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import selectors, services
from accounts.forms import ProfileForm
from accounts.requests import SignedInRequest
from lib.languages import remember_language


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


@never_cache
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an invitation leads: the person chooses a password, once, and signs in with it."""
    user = selectors.invited_by(token)
    form = SetPasswordForm(user, request.POST or None) if user else None
    if user and form and request.method == "POST" and form.is_valid():
        services.accept_account(user, password=form.cleaned_data["new_password1"])
        messages.success(request, _("Your password is set. Sign in with it now."))
        return redirect("account_login")
    status = 404 if form is None else 422 if form.errors else 200
    response = render(request, "accounts/invited.html", {"form": form, "person": user}, status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response

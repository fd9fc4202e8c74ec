"""A person's own profile: name, language, time zone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import services
from accounts.forms import ProfileForm
from accounts.language import remember_language
from accounts.requests import SignedInRequest


@login_required
def profile(request: SignedInRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, initial=model_to_dict(request.user))
    if request.method == "POST" and form.is_valid():
        user = services.change_profile(request.user, **form.cleaned_data)
        with translation.override(user.language):
            messages.success(request, _("Your profile is saved."))
        return remember_language(redirect("profile"), user.language)
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)

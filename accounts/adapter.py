"""How allauth behaves here: a person's own language after login, a company to register after sign-up."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language

from accounts.models import User
from lib.languages import remember_language


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The portal's account behaviour. Where to go next is always `next` if given, else the desk."""

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponseBase:
        """Go on in the language the person has chosen in the profile."""
        response: HttpResponseBase = super().post_login(request, user, **facts)
        return remember_language(response, user.language)

    def save_user(self, request: HttpRequest, user: User, form: object, commit: bool = True) -> User:
        """A new person keeps the language of the page they signed up on."""
        user.language = get_language() or ""
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """A new person registers a company next."""
        return reverse("company_register")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A password given at sign-in a moment ago need not be given again."""
        records = get_authentication_records(context.request, context.request.user)
        latest = max((record["at"] for record in records), default=0)
        fresh = time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT
        return not fresh and bool(super().is_reauthentication_required(app=app, **kwargs))

    def reauthenticate(self, user: User, password: str) -> bool:
        """Ask for the password again by the user's own address: officers have no row among allauth's addresses."""
        again = self.authenticate(context.request, email=user.email, password=password)
        return again is not None and again.pk == user.pk

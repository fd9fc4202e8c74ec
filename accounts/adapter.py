"""How allauth behaves here: a person's own language after login, a company to register after sign-up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from accounts.language import remember_language
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The portal's account behaviour. Where to go next is always `next` if given, else the desk."""

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponseBase:
        """Go on in the language the person has chosen in the profile."""
        response: HttpResponseBase = super().post_login(request, user, **facts)
        return remember_language(response, user.language)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """A new person registers a company next."""
        return reverse("company_register")

    def reauthenticate(self, user: User, password: str) -> bool:
        """Ask for the password again by the user's own address: officers have no row among allauth's addresses."""
        again = self.authenticate(context.request, email=user.email, password=password)
        return again is not None and again.pk == user.pk

"""How allauth behaves here: a person's own language after login, letters through the outbox."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context as allauth_context
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language

from accounts.models import User
from accounts.requests import PAUSE_SECONDS, device_of, is_known_device, login_name, remember_device, wrong_at
from accounts.services import tell_of_wrong_passwords, write_letter
from lib.languages import remember_language
from lib.limits import counted
from lib.requests import client


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The portal's account behaviour. Where to go next is always `next` if given, else the desk."""

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponseBase:
        """Go on in the language the person has chosen in the profile."""
        response: HttpResponseBase = super().post_login(request, user, **facts)
        return remember_language(remember_device(request, response, user), user.language)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits count (see `lib.requests.client`)."""
        return client(request) or "0.0.0.0"  # noqa: S104 (no address to listen on)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords count for an account and the address they come from: nobody locks out the owner elsewhere."""
        return f"{client(request)}|{super()._get_login_attempts_cache_key(request, **credentials)}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count what is typed at a known device by itself; tell the owner of a pause."""
        if is_known_device(request, credentials):
            counted(wrong_at(device_of(request)), seconds=PAUSE_SECONDS)
        elif getattr(request, "axes_locked_out", False):
            tell_of_wrong_passwords(login_name(request, credentials), address=client(request))

    def save_user(self, request: HttpRequest, user: User, form: object, commit: bool = True) -> User:
        """A new person keeps the language of the page they signed up on."""
        user.language = get_language() or ""
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A worker sends it: no request waits for a mail server, and how long it takes tells nothing."""
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        write_letter(to=email, subject=message.subject, text=message.body)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A password given at sign-in a moment ago need not be given again."""
        records = get_authentication_records(allauth_context.request, allauth_context.request.user)
        latest = max((record["at"] for record in records), default=0)
        fresh = time.time() - latest < app_settings.REAUTHENTICATION_TIMEOUT
        return not fresh and bool(super().is_reauthentication_required(app=app, **kwargs))

    def reauthenticate(self, user: User, password: str) -> bool:
        """Ask for the password again by the user's own address: officers have no row among allauth's addresses."""
        again = self.authenticate(allauth_context.request, email=user.email, password=password)
        return again is not None and again.pk == user.pk

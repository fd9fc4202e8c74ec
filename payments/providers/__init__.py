"""Providers of the hosted payment page, by the name that the setting `BANK_PROVIDER` may have: one module each."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core import checks
from django.utils.module_loading import import_string

from payments.providers.base import Provider

PROVIDERS: Mapping[str, str] = {
    "sandbox": "payments.providers.sandbox.Sandbox",
    "redirect": "payments.providers.redirect.Redirect",
}


def chosen() -> Provider:
    """The provider that the settings name."""
    provider: Provider = import_string(PROVIDERS[settings.BANK_PROVIDER])()
    return provider


def check_provider(**_options: Any) -> list[checks.CheckMessage]:
    """A provider that nobody knows is refused when the portal starts."""
    if settings.BANK_PROVIDER not in PROVIDERS:
        known = ", ".join(sorted(PROVIDERS))
        return [checks.Error(f"BANK_PROVIDER is {settings.BANK_PROVIDER!r}; known are: {known}.", id="payments.E001")]
    if settings.BANK_PROVIDER == "redirect" and not settings.BANK_MERCHANT:
        return [checks.Error("BANK_PROVIDER is 'redirect' and BANK_MERCHANT is not set.", id="payments.E002")]
    return []

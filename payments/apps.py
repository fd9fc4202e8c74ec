"""The app of money; what its settings must say is checked when the portal starts."""

from django.apps import AppConfig
from django.core import checks

from payments.providers import check_provider


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        checks.register(check_provider)

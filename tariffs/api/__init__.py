"""The machine door of the public tariff: search, a line with its measures, the calculator, exchange rates, changes."""

from django.urls import path

from tariffs.api.browse import CommodityView, QuotasView, SearchView
from tariffs.api.calculator import CalculatorView
from tariffs.api.changes import ChangesView, ChangeView
from tariffs.api.exchange_rates import ExchangeRatesView

urlpatterns = [
    path("tariff/search/", SearchView.as_view(), name="api_tariff_search"),
    path("tariff/quotas/", QuotasView.as_view(), name="api_quotas"),
    path("tariff/changes/", ChangesView.as_view(), name="api_tariff_changes"),
    path("tariff/changes/<int:pk>/", ChangeView.as_view(), name="api_tariff_change"),
    path("tariff/<str:code>/", CommodityView.as_view(), name="api_commodity"),
    path("calculator/", CalculatorView.as_view(), name="api_calculator"),
    path("exchange-rates/", ExchangeRatesView.as_view(), name="api_exchange_rates"),
]

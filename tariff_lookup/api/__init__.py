"""The machine door of the public tariff: search, a line with its measures, the calculator, exchange rates."""

from django.urls import path

from tariff_lookup.api.browse import CommodityView, QuotasView, SearchView
from tariff_lookup.api.calculator import CalculatorView
from tariff_lookup.api.exchange_rates import ExchangeRatesView

urlpatterns = [
    path("tariff/search/", SearchView.as_view(), name="api_tariff_search"),
    path("tariff/quotas/", QuotasView.as_view(), name="api_quotas"),
    path("tariff/<str:code>/", CommodityView.as_view(), name="api_commodity"),
    path("calculator/", CalculatorView.as_view(), name="api_calculator"),
    path("exchange-rates/", ExchangeRatesView.as_view(), name="api_exchange_rates"),
]

"""Pages of the public tariff, the calculator and the exchange rates."""

from django.urls import path

from tariffs.views import browse, calculator, exchange_rates

urlpatterns = [
    path("tariff/", browse.tariff, name="tariff"),
    path("tariff/suggest/", browse.suggest, name="tariff_suggest"),
    path("tariff/<str:code>/", browse.commodity_page, name="commodity"),
    path("calculator/", calculator.calculate, name="calculator"),
    path("exchange-rates/", exchange_rates.exchange_rates, name="exchange_rates"),
    path("exchange-rates/<str:currency>/", exchange_rates.exchange_rate_history, name="exchange_rate_history"),
]

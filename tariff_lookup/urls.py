"""Pages of the public tariff, the calculator, exchange rates and open data."""

from django.urls import path

from tariff_lookup.views import browse, calculator, exchange_rates, open_data, quotas

urlpatterns = [
    path("tariff/", browse.tariff, name="tariff"),
    path("tariff/suggest/", browse.suggest, name="tariff_suggest"),
    path("tariff/quotas/", quotas.quotas, name="quotas"),
    path("tariff/quotas/<str:number>/", quotas.quota, name="quota"),
    path("tariff/<str:code>/", browse.commodity_page, name="commodity"),
    path("calculator/", calculator.calculate, name="calculator"),
    path("calculator/calculation.pdf", calculator.calculation_paper, name="calculation_pdf"),
    path("exchange-rates/", exchange_rates.exchange_rates, name="exchange_rates"),
    path("exchange-rates/<str:currency>/", exchange_rates.exchange_rate_history, name="exchange_rate_history"),
    path("open-data/", open_data.index, name="open_data"),
    path("open-data/tariff/<str:file>", open_data.latest, name="open_data_latest"),
    path("open-data/tariff/<str:day>/<str:file>", open_data.file, name="open_data_file"),
]

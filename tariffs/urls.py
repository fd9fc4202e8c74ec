"""Pages of the public tariff, the calculator and the exchange rates."""

from django.urls import path

from tariffs import views

urlpatterns = [
    path("tariff/", views.tariff, name="tariff"),
    path("tariff/suggest/", views.suggest, name="tariff_suggest"),
    path("tariff/<str:code>/", views.commodity_page, name="commodity"),
    path("calculator/", views.calculate, name="calculator"),
    path("exchange-rates/", views.exchange_rates, name="exchange_rates"),
    path("exchange-rates/<str:currency>/", views.exchange_rate_history, name="exchange_rate_history"),
]

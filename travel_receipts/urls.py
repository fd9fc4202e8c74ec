"""The page that checks receipts, with what it takes along to work without a line."""

from django.urls import path

from travel_receipts import views

urlpatterns = [
    path("travel/check/", views.check, name="travel_check"),
    path("travel/check/keys", views.keys, name="travel_keys"),
    path("travel/check/withdrawn", views.withdrawn, name="travel_withdrawn"),
    path("travel/check/worker.js", views.worker, name="travel_check_worker"),
]

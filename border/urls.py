"""Pages of officers who let travellers through, and what a traveller opens from a code they show."""

from django.urls import path

from border import views

urlpatterns = [
    path("travellers/", views.queue, name="travellers"),
    path("travellers/find/", views.find, name="traveller_find"),
    path("travellers/scan/", views.scan, name="traveller_scan"),
    path("travellers/through/", views.through_unseen, name="traveller_through_unseen"),
    path("travellers/begin/", views.begin, name="traveller_begin"),
    path("travellers/worker.js", views.worker, name="travellers_worker"),
    path("travellers/aside/", views.aside, name="goods_aside"),
    path("travellers/aside/<int:key>/decide/", views.decide, name="aside_decide"),
    path("travellers/aside/<int:key>/remind/", views.remind, name="aside_remind"),
    path("travellers/aside/<int:key>/receipt.pdf", views.aside_receipt, name="aside_receipt"),
    path("travellers/cargo/", views.cargo, name="traveller_cargo"),
    path("travellers/cargo/<int:key>/give/", views.give, name="cargo_give"),
    path("travellers/looks/", views.looks, name="traveller_looks"),
    path("travellers/<uuid:key>/", views.traveller, name="traveller"),
    path("travellers/<uuid:key>/state/", views.state, name="traveller_state"),
    path("travellers/<uuid:key>/history/", views.history, name="traveller_history"),
    path("travellers/<uuid:key>/photo/<uuid:photo>/", views.photo, name="traveller_photo"),
    path("travellers/<uuid:key>/correction/", views.correction, name="traveller_correction"),
    path("travellers/<uuid:key>/<slug:verb>/", views.act, name="traveller_act"),
    path("travel/open/<str:token>/", views.open_on_phone, name="travel_open"),
    path("travel/<uuid:key>/goods.pdf", views.kept, name="travel_kept"),
]

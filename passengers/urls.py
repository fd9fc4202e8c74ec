"""Pages of travellers: nobody signs in."""

from django.urls import path

from passengers import views
from passengers.views import desk, leaving, monitor, public

urlpatterns = [
    path("travel/", views.start, name="travel"),
    path("travel/begin/", views.begin, name="travel_begin"),
    path("travel/kiosk/", views.kiosk, name="travel_kiosk"),
    path("travel/kiosk/switch/", views.kiosk_switch, name="travel_kiosk_switch"),
    path("travel/form/", views.shell, name="travel_shell"),
    path("travel/worker.js", views.worker, name="travel_worker"),
    path("travel/forget/", views.forget, name="travel_forget"),
    path("travel/resume/", views.resume, name="travel_resume"),
    path("travel/statistics/", public.statistics, name="travel_statistics"),
    path("travel/law/", public.law, name="travel_law"),
    path("travel/privacy/", public.privacy, name="travel_privacy"),
    path("travellers/leaving/", desk.leaving, name="travel_leaving"),
    path("travellers/leaving/<uuid:key>/", desk.leaving_with, name="travel_leaving_with"),
    path("travellers/vehicles/<uuid:key>/", desk.vehicle, name="travel_vehicle"),
    path("travellers/vehicles/<uuid:key>/<slug:verb>/", desk.vehicle_act, name="travel_vehicle_act"),
    path("travellers/cash/", monitor.cash, name="travel_cash"),
    path("travellers/cash/person/<int:traveller>/", monitor.cash_person, name="travel_cash_person"),
    path("travellers/cash/files/", monitor.cash_files, name="travel_cash_files"),
    path("travellers/cash/files/schema.json", monitor.cash_schema, name="travel_cash_schema"),
    path("travellers/cash/files/<uuid:key>/", monitor.cash_file, name="travel_cash_file"),
    path("travel/<uuid:key>/vehicle-stay/", leaving.stay, name="travel_stay"),
    path("travel/<uuid:key>/money-back/", leaving.claim, name="travel_claim"),
    path("travel/<uuid:key>/", views.standing, name="travel_standing"),
    path("travel/<uuid:key>/review/", views.review, name="travel_review"),
    path("travel/<uuid:key>/cancel/", views.cancel, name="travel_cancel"),
    path("travel/<uuid:key>/receipt.pdf", views.receipt_pdf, name="travel_receipt"),
    path("travel/<uuid:key>/wallet.pdf", views.wallet_pdf, name="travel_wallet"),
    path("travel/<uuid:key>/receipt.png", views.receipt_picture, name="travel_picture"),
    path("travel/<uuid:key>/slip/", views.slip, name="travel_slip"),
    path("travel/<uuid:key>/find/", views.find, name="travel_find"),
    path("travel/<uuid:key>/photo/<uuid:photo>/", views.photo, name="travel_photo"),
    path("travel/<uuid:key>/nothing/", views.nothing, name="travel_nothing"),
    path("travel/<uuid:key>/choose/", views.choose, name="travel_choose"),
    path("travel/<uuid:key>/all/", views.all_questions, name="travel_all"),
    path("travel/<uuid:key>/<slug:step>/", views.question, name="travel_question"),
]

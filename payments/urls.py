"""Pages of payments."""

from django.urls import path

from payments import views

urlpatterns = [
    path("payments/", views.overview, name="payments"),
    path("payments/accounts/<int:pk>/", views.statement, name="account"),
    path("payments/accounts/<int:pk>/statement.<slug:kind>", views.statement_file, name="statement_file"),
    path("payments/top-up/", views.top_up, name="top_up"),
    path("payments/move/", views.move, name="move"),
    path("payments/return/<uuid:key>/", views.returned, name="payment_return"),
    path("payments/return/<uuid:key>/ask/", views.ask, name="payment_ask"),
    path("payments/receipts/<uuid:key>.pdf", views.receipt, name="receipt"),
    path("payments/bank/callback/", views.bank_callback, name="bank_callback"),
    path("declarations/<uuid:key>/pay/", views.pay, name="pay"),
    path("declarations/<path:number>/pay/", views.find, name="pay_number"),
    path("travel/<uuid:key>/pay/", views.travel_pay, name="travel_pay"),
    path("travel/<uuid:key>/payments/", views.travel_money, name="travel_money"),
    path("travel/<uuid:key>/paid/<uuid:attempt>/", views.travel_paid, name="travel_paid"),
    path("pay/", views.find, name="pay_find"),
    path("pay/<path:number>/", views.find),
]

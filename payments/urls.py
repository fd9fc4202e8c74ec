"""Pages of payments."""

from django.urls import path

from payments import views

urlpatterns = [
    path("payments/", views.overview, name="payments"),
    path("payments/accounts/<int:pk>/", views.statement, name="account"),
    path("payments/accounts/<int:pk>/statement.<slug:kind>", views.statement_file, name="statement_file"),
    path("payments/due/", views.due, name="due"),
    path("payments/entries/<int:pk>/", views.entry, name="entry"),
    path("payments/deferred/<uuid:key>/", views.deferred_statement, name="deferred_statement"),
    path("payments/deferred/<uuid:key>.pdf", views.deferred_statement_paper, name="deferred_statement_paper"),
    path("payments/automatic/<str:tin>/", views.auto_payment, name="auto_payment"),
    path("payments/top-up/", views.top_up, name="top_up"),
    path("payments/move/", views.move, name="move"),
    path("payments/return/<uuid:key>/", views.returned, name="payment_return"),
    path("payments/return/<uuid:key>/ask/", views.ask, name="payment_ask"),
    path("payments/receipts/<uuid:key>.pdf", views.receipt, name="receipt"),
    path("payments/bank/callback/", views.bank_callback, name="bank_callback"),
    path("declarations/<uuid:key>/pay/", views.pay, name="pay"),
    path("declarations/<uuid:key>/pay/split/", views.split, name="split"),
    path("declarations/<uuid:key>/pay/links/", views.pay_link_make, name="pay_link_make"),
    path("declarations/<uuid:key>/pay/links/<int:link>/", views.pay_link_withdraw, name="pay_link_withdraw"),
    path("declarations/<path:number>/pay/", views.find, name="pay_number"),
    path("cashier/", views.cashier, name="cashier"),
    path("cashier/<slug:table>.<slug:kind>", views.desk_table, name="desk_table"),
    path("cashier/files/", views.bank_files, name="bank_files"),
    path("cashier/files/<uuid:key>/", views.bank_file, name="bank_file"),
    path("cashier/files/<uuid:key>/as-it-came/", views.bank_file_content, name="bank_file_content"),
    path("cashier/files/<uuid:key>/entries.<slug:kind>", views.bank_file_table, name="bank_file_table"),
    path("cashier/suspense/<uuid:key>/", views.suspense_item, name="suspense_item"),
    path("cashier/suspense/<uuid:key>/<slug:verb>/", views.suspense_verb, name="suspense_verb"),
    path("travel/<uuid:key>/pay/", views.travel_pay, name="travel_pay"),
    path("travel/<uuid:key>/payments/", views.travel_money, name="travel_money"),
    path("travel/<uuid:key>/paid/<uuid:attempt>/", views.travel_paid, name="travel_paid"),
    path("pay/by-link/<str:token>/", views.link_pay, name="link_pay"),
    path("pay/by-link/<str:token>/<uuid:key>/", views.link_paid, name="link_paid"),
    path("pay/by-link/<str:token>/<uuid:key>/receipt.pdf", views.link_receipt, name="link_receipt"),
    path("pay/", views.find, name="pay_find"),
    path("pay/<path:number>/", views.find),
]

"""Pages of payments."""

from datetime import date

from django.urls import path, register_converter

from payments import views


class DayConverter:
    """A day in an address, as 2026-11-23."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)


register_converter(DayConverter, "day")

urlpatterns = [
    path("payments/", views.overview, name="payments"),
    path("payments/accounts/<int:pk>/", views.statement, name="account"),
    path("payments/accounts/<int:pk>/statement.<slug:kind>", views.statement_file, name="statement_file"),
    path("payments/due/", views.due, name="due"),
    path("payments/entries/<int:pk>/", views.own_entry, name="own_entry"),
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
    path("payments/back/", views.money_back, name="money_back"),
    path("payments/refunds/<uuid:key>/", views.refund_claim, name="refund_claim"),
    path("payments/refunds/<uuid:key>/<slug:verb>/", views.refund_claim_verb, name="refund_claim_verb"),
    path("payments/bank-accounts/", views.bank_accounts, name="bank_accounts"),
    path("payments/bank-accounts/<uuid:key>/", views.bank_account, name="bank_account"),
    path("payments/bank-accounts/<uuid:key>/<slug:verb>/", views.bank_account_verb, name="bank_account_verb"),
    path("payments/pay-outs/new/", views.pay_out_new, name="pay_out_new"),
    path("payments/pay-outs/<uuid:key>/", views.pay_out, name="pay_out"),
    path("payments/pay-outs/<uuid:key>/<slug:verb>/", views.pay_out_verb, name="pay_out_verb"),
    path("payments/papers/<uuid:key>/", views.money_paper, name="money_paper"),
    path("declarations/<uuid:key>/refund/", views.refund_claim_new, name="refund_claim_new"),
    path("treasury/money-out/", views.back_desk, name="back_desk"),
    path("treasury/money-out/<slug:table>.<slug:kind>", views.back_table, name="back_table"),
    path("treasury/payment-files/new/", views.payment_file_make, name="payment_file_make"),
    path("treasury/payment-files/<uuid:key>/", views.payment_file, name="payment_file"),
    path("treasury/payment-files/<uuid:key>/xml/", views.payment_file_content, name="payment_file_content"),
    path("treasury/payment-files/<uuid:key>/pay-outs.<slug:kind>", views.payment_file_table, name="payment_file_table"),
    path("treasury/payment-files/<uuid:key>/report/", views.payment_file_report, name="payment_file_report"),
    path("treasury/payment-files/<uuid:key>/sent/", views.payment_file_sent, name="payment_file_sent"),
    path("cashier/suspense/<uuid:key>/back/", views.suspense_back, name="suspense_back"),
    path("cashier/suspense/<uuid:key>/explain/", views.suspense_explain, name="suspense_explain"),
    path("guarantees/", views.guarantees, name="guarantees"),
    path("guarantees/guarantees.<slug:kind>", views.guarantees_table, name="guarantees_table"),
    path("guarantees/new/", views.enter_guarantee, name="guarantee_new"),
    path("guarantees/<uuid:key>/", views.guarantee, name="guarantee"),
    path("guarantees/<uuid:key>/holds.<slug:kind>", views.guarantee_holds, name="guarantee_holds"),
    path("guarantees/<uuid:key>/terms/", views.propose_terms, name="guarantee_terms"),
    path("guarantees/<uuid:key>/terms/<int:pk>/<slug:verb>/", views.decide_terms, name="guarantee_decide"),
    path("guarantees/<uuid:key>/papers/", views.add_paper, name="guarantee_add_paper"),
    path("guarantees/<uuid:key>/papers/<uuid:paper>/", views.guarantee_paper, name="guarantee_paper"),
    path("guarantees/<uuid:key>/call/<str:mrn>/", views.call_guarantee, name="guarantee_call"),
    path("declarations/<uuid:key>/guarantee/", views.hold_elsewhere, name="hold_elsewhere"),
    path("cashier/", views.cashier, name="cashier"),
    path("cashier/<slug:table>.<slug:kind>", views.desk_table, name="desk_table"),
    path("cashier/files/", views.bank_files, name="bank_files"),
    path("cashier/files/<uuid:key>/", views.bank_file, name="bank_file"),
    path("cashier/files/<uuid:key>/as-it-came/", views.bank_file_content, name="bank_file_content"),
    path("cashier/files/<uuid:key>/entries.<slug:kind>", views.bank_file_table, name="bank_file_table"),
    path("cashier/suspense/<uuid:key>/", views.suspense_item, name="suspense_item"),
    path("cashier/suspense/<uuid:key>/<slug:verb>/", views.suspense_verb, name="suspense_verb"),
    path("treasury/", views.treasury, name="treasury"),
    path("treasury/<slug:table>.<slug:kind>", views.treasury_table, name="treasury_table"),
    path("treasury/accounts/", views.treasury_accounts, name="treasury_accounts"),
    path("treasury/accounts/<int:pk>/", views.treasury_account, name="treasury_account"),
    path("treasury/accounts/<int:pk>/postings.<slug:kind>", views.account_table, name="account_table"),
    path("treasury/accounts/<int:pk>/limit/", views.treasury_limit, name="treasury_limit"),
    path("treasury/limits/", views.treasury_limits, name="treasury_limits"),
    path("treasury/limits/<int:pk>/<slug:verb>/", views.treasury_limit_verb, name="treasury_limit_verb"),
    path("treasury/suspense/", views.treasury_suspense, name="treasury_suspense"),
    path("treasury/days/", views.closings, name="closings"),
    path("treasury/days/compare/", views.ask_closing, name="ask_closing"),
    path("treasury/days/<day:day>/", views.closing, name="closing"),
    path("treasury/days/<day:day>/closing.pdf", views.closing_paper, name="closing_paper"),
    path("treasury/days/<day:day>/closing.<slug:kind>", views.closing_table, name="closing_table"),
    path("treasury/days/<day:day>/close/", views.close_day, name="close_day"),
    path("treasury/differences/<int:pk>/<slug:verb>/", views.difference_verb, name="difference_verb"),
    path("treasury/revenue/", views.revenue, name="revenue"),
    path("treasury/revenue/rows.<slug:kind>", views.revenue_table, name="revenue_table"),
    path("treasury/revenue/<slug:by>/", views.revenue, name="revenue_by"),
    path("treasury/entries/", views.entries, name="entries"),
    path("treasury/entries/<int:pk>/", views.entry, name="entry"),
    path("treasury/books/", views.books, name="books"),
    path("treasury/books/check/", views.check_books, name="books_check"),
    path("travel/pay/<str:link>/", views.travel_link, name="travel_link"),
    path("travel/<uuid:key>/pay/", views.travel_pay, name="travel_pay"),
    path("travel/<uuid:key>/payments/", views.travel_money, name="travel_money"),
    path("travel/<uuid:key>/paid/<uuid:attempt>/", views.travel_paid, name="travel_paid"),
    path("pay/by-link/<str:token>/", views.link_pay, name="link_pay"),
    path("pay/by-link/<str:token>/<uuid:key>/", views.link_paid, name="link_paid"),
    path("pay/by-link/<str:token>/<uuid:key>/receipt.pdf", views.link_receipt, name="link_receipt"),
    path("pay/", views.find, name="pay_find"),
    path("pay/<path:number>/", views.find),
]

"""Pages of change sets, the public record of changes, and lists of new exchange rates."""

from django.urls import path

from tariff_changes.views import change_feed, exchange_rate_lists
from tariff_changes.views.change_sets import files, lists, page, rows, travel

urlpatterns = [
    path("tariff/changes.atom", change_feed.atom, name="tariff_changes_atom"),
    path("tariff/changes/", change_feed.changes, name="tariff_changes"),
    path("tariff/changes/<int:pk>/", change_feed.change, name="tariff_change"),
    path("tariff/change-sets/", lists.change_sets, name="change_sets"),
    path("tariff/change-sets/new/", lists.new, name="change_set_new"),
    path("tariff/change-sets/start/", rows.start, name="change_start"),
    path("tariff/change-sets/<int:pk>/", page.change_set, name="change_set"),
    path("tariff/change-sets/<int:pk>/describe/", page.describe, name="change_set_describe"),
    path("tariff/change-sets/<int:pk>/changes.csv", page.as_file, name="change_set_csv"),
    path("tariff/change-sets/<int:pk>/faults/", page.faults, name="change_set_faults"),
    path("tariff/change-sets/<int:pk>/rows/new/", rows.new_row, name="change_row_new"),
    path("tariff/change-sets/<int:pk>/rows/choose/", rows.choose, name="change_row_choose"),
    path("tariff/change-sets/<int:pk>/rows/take-in/", rows.change_published, name="change_row_take_in"),
    path("tariff/change-sets/<int:pk>/rows/drop-all/", rows.drop_all, name="change_rows_drop"),
    path("tariff/change-sets/<int:pk>/rows/<int:place>/", rows.edit, name="change_row"),
    path("tariff/change-sets/<int:pk>/rows/<int:place>/at/", page.to_row, name="change_row_at"),
    path("tariff/change-sets/<int:pk>/rows/<int:place>/as-it-is/", rows.row, name="change_row_shown"),
    path("tariff/change-sets/<int:pk>/rows/<int:place>/drop/", rows.drop, name="change_row_drop"),
    path("tariff/change-sets/<int:pk>/rows/<int:place>/again/", rows.choose_again, name="change_row_again"),
    path("tariff/change-sets/<int:pk>/file/", files.upload, name="change_set_upload"),
    path("tariff/change-sets/<int:pk>/file/<str:sha256>/", files.compared, name="change_set_file"),
    path("tariff/change-sets/<int:pk>/file/<str:sha256>/take-over/", files.take_over, name="change_set_take_over"),
    path("tariff/change-sets/<int:pk>/file/<str:sha256>/give-up/", files.give_up, name="change_set_give_up"),
    path("tariff/change-sets/<int:pk>/submit/", travel.submit, name="change_set_submit"),
    path("tariff/change-sets/<int:pk>/send-back/", travel.send_back, name="change_set_send_back"),
    path("tariff/change-sets/<int:pk>/approve/", travel.approve, name="change_set_approve"),
    path("tariff/change-sets/<int:pk>/publish/", travel.publish, name="change_set_publish"),
    path("tariff/change-sets/<int:pk>/withdraw/", travel.withdraw, name="change_set_withdraw"),
    path("tariff/change-sets/<int:pk>/opposite/", travel.opposite, name="change_set_opposite"),
    path("exchange-rates/lists/", exchange_rate_lists.rate_lists, name="rate_lists"),
    path("exchange-rates/lists/upload/", exchange_rate_lists.upload_rates, name="upload_rates"),
    path("exchange-rates/lists/by-hand/", exchange_rate_lists.type_rates, name="type_rates"),
    path("exchange-rates/lists/<int:pk>/", exchange_rate_lists.rate_list, name="rate_list"),
    path("exchange-rates/lists/<int:pk>/confirm/", exchange_rate_lists.confirm_rates, name="confirm_rates"),
    path("exchange-rates/lists/<int:pk>/turn-down/", exchange_rate_lists.turn_down_rates, name="turn_down_rates"),
]

"""Pages of risk: the analysts' criteria, the value control table, profiles of companies, targets of offices."""

from django.urls import path

from risk.views import criteria, profiles, targets, values

urlpatterns = [
    path("risk/criteria/", criteria.criteria, name="criteria"),
    path("risk/criteria/new/", criteria.new, name="criterion_new"),
    path("risk/criteria/<int:pk>/", criteria.criterion, name="criterion"),
    path("risk/criteria/<int:pk>/edit/", criteria.edit, name="criterion_edit"),
    path("risk/criteria/<int:pk>/switch-on/", criteria.switch_on, name="criterion_switch_on"),
    path("risk/criteria/<int:pk>/switch-off/", criteria.switch_off, name="criterion_switch_off"),
    path("risk/criteria/<int:pk>/replay/", criteria.replay, name="criterion_replay"),
    path("risk/values/", values.values, name="values"),
    path("risk/values/table.<slug:kind>", values.values_table, name="values_table"),
    path("risk/profiles/", profiles.profiles, name="profiles"),
    path("risk/profiles/ask/", profiles.ask, name="profile_ask"),
    path("risk/profiles/<int:pk>/agree/", profiles.agree, name="profile_agree"),
    path("risk/profiles/<int:pk>/refuse/", profiles.refuse, name="profile_refuse"),
    path("risk/profiles/<int:pk>/end/", profiles.end, name="profile_end"),
    path("risk/targets/", targets.targets, name="office_targets"),
    path("risk/targets/set/", targets.set_target, name="office_target_set"),
    path("risk/targets/<int:pk>/end/", targets.end, name="office_target_end"),
]

"""Pages of risk: criteria and lists, values, profiles of companies, targets of offices, models."""

from django.urls import path

from risk.views import criteria, life, lists, models, profiles, targets, values

urlpatterns = [
    path("risk/criteria/", criteria.criteria, name="criteria"),
    path("risk/criteria/new/", criteria.new, name="criterion_new"),
    path("risk/criteria/traders/", lists.suggest_traders, name="criterion_traders"),
    path("risk/criteria/replays/", life.replays, name="criteria_replays"),
    path("risk/criteria/replays/<int:pk>/stop/", life.stop, name="replay_stop"),
    path("risk/criteria/<int:pk>/", criteria.criterion, name="criterion"),
    path("risk/criteria/<int:pk>/edit/", criteria.edit, name="criterion_edit"),
    path("risk/criteria/<int:pk>/replay/", life.replay, name="criterion_replay"),
    path("risk/criteria/<int:pk>/propose/", life.propose, name="criterion_propose"),
    path("risk/criteria/<int:pk>/approve/", life.approve, name="criterion_approve"),
    path("risk/criteria/<int:pk>/send-back/", life.send_back, name="criterion_send_back"),
    path("risk/criteria/<int:pk>/switch-off/", life.switch_off, name="criterion_switch_off"),
    path("risk/lists/", lists.lists, name="risk_lists"),
    path("risk/lists/new/", lists.new_list, name="risk_list_new"),
    path("risk/lists/suggest/", lists.suggest_lists, name="risk_lists_suggest"),
    path("risk/lists/<int:pk>/", lists.one_list, name="risk_list"),
    path("risk/lists/<int:pk>/<int:number>/approve/", lists.approve, name="risk_list_approve"),
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
    path("risk/models/", models.models, name="models"),
    path("risk/models/train/", models.train, name="model_train"),
    path("risk/models/threshold/", models.threshold, name="model_threshold"),
    path("risk/models/<int:pk>/", models.model, name="model"),
    path("risk/models/<int:pk>/propose/", models.propose, name="model_propose"),
    path("risk/models/<int:pk>/activate/", models.activate, name="model_activate"),
    path("risk/models/<int:pk>/retire/", models.retire, name="model_retire"),
    path("risk/models/<int:pk>/evaluate/", models.evaluate, name="model_evaluate"),
    path("risk/models/<int:pk>/drift/", models.drift, name="model_drift"),
]

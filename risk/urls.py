"""Pages of risk: the analysts' criteria and models."""

from django.urls import path

from risk.views import criteria, models

urlpatterns = [
    path("risk/criteria/", criteria.criteria, name="criteria"),
    path("risk/criteria/new/", criteria.new, name="criterion_new"),
    path("risk/criteria/<int:pk>/", criteria.criterion, name="criterion"),
    path("risk/criteria/<int:pk>/edit/", criteria.edit, name="criterion_edit"),
    path("risk/criteria/<int:pk>/switch-on/", criteria.switch_on, name="criterion_switch_on"),
    path("risk/criteria/<int:pk>/switch-off/", criteria.switch_off, name="criterion_switch_off"),
    path("risk/criteria/<int:pk>/replay/", criteria.replay, name="criterion_replay"),
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

"""Pages of risk: the analysts' criteria."""

from django.urls import path

from risk.views import criteria

urlpatterns = [
    path("risk/criteria/", criteria.criteria, name="criteria"),
    path("risk/criteria/new/", criteria.new, name="criterion_new"),
    path("risk/criteria/<int:pk>/", criteria.criterion, name="criterion"),
    path("risk/criteria/<int:pk>/edit/", criteria.edit, name="criterion_edit"),
    path("risk/criteria/<int:pk>/switch-on/", criteria.switch_on, name="criterion_switch_on"),
    path("risk/criteria/<int:pk>/switch-off/", criteria.switch_off, name="criterion_switch_off"),
    path("risk/criteria/<int:pk>/replay/", criteria.replay, name="criterion_replay"),
]

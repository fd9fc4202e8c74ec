"""Pages of risk: the analysts' criteria."""

from django.urls import path

from risk import views

urlpatterns = [
    path("risk/criteria/", views.criteria, name="criteria"),
    path("risk/criteria/new/", views.new, name="criterion_new"),
    path("risk/criteria/<int:pk>/", views.criterion, name="criterion"),
    path("risk/criteria/<int:pk>/edit/", views.edit, name="criterion_edit"),
    path("risk/criteria/<int:pk>/switch-on/", views.switch_on, name="criterion_switch_on"),
    path("risk/criteria/<int:pk>/switch-off/", views.switch_off, name="criterion_switch_off"),
    path("risk/criteria/<int:pk>/replay/", views.replay, name="criterion_replay"),
]

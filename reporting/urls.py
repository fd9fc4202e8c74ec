"""Addresses of figures: release times for everybody, figures of one's own, of an office and of the country."""

from django.urls import path

from reporting import views

urlpatterns = [
    path("release-times/", views.release_times, name="release_times"),
    path("release-times/rows.<slug:kind>", views.release_times_table, name="release_times_table"),
    path("figures/mine/", views.own, name="figures_own"),
    path("figures/mine.<slug:kind>", views.own_table, name="figures_own_table"),
    path("figures/office/", views.office, name="figures_office"),
    path("figures/targets/", views.targets, name="release_targets"),
    path("figures/targets.<slug:kind>", views.targets_table, name="release_targets_table"),
    path("figures/times.<slug:kind>", views.times_table, name="figures_times_table"),
    path("figures/counts.<slug:kind>", views.counts_table, name="figures_counts_table"),
    path("figures/", views.director, name="figures"),
]

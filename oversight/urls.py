"""Pages of oversight: integrity, administrative acts, looks at data, draws of the random share."""

from django.urls import path

from oversight import views

urlpatterns = [
    path("oversight/", views.integrity, name="integrity"),
    path("oversight.<slug:kind>", views.integrity_table, name="integrity_table"),
    path("oversight/marks/", views.marks, name="integrity_marks"),
    path("oversight/marks.<slug:kind>", views.marks_table, name="integrity_marks_table"),
    path("oversight/acts/", views.acts, name="oversight_acts"),
    path("oversight/acts.<slug:kind>", views.acts_table, name="oversight_acts_table"),
    path("risk/draws/", views.draws, name="draws"),
    path("oversight/looks/", views.looks, name="oversight_looks"),
    path("oversight/looks.<slug:kind>", views.looks_table, name="oversight_looks_table"),
]

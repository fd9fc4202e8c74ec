"""Pages of companies, their members and mandates."""

from django.urls import path

from traders import views

urlpatterns = [
    path("companies/", views.companies, name="companies"),
    path("companies/<slug:tin>/", views.company, name="company"),
    path("companies/<slug:tin>/members/", views.add_member, name="company_add_member"),
    path("companies/<slug:tin>/members/<int:pk>/end/", views.end_member, name="company_end_member"),
    path("companies/<slug:tin>/mandates/", views.give_mandate, name="company_give_mandate"),
    path("companies/<slug:tin>/mandates/<int:pk>/revoke/", views.revoke_mandate, name="company_revoke_mandate"),
]

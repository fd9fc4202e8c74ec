"""Pages of a person's own account (sign-in, password and second factor are allauth's, under /account/)."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("invited/<str:token>/", views.invited, name="invited"),
]

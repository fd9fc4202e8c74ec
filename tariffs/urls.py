"""Pages of tariffs."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

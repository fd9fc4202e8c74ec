"""Pages about programs and webhooks of a company, and about a person's own tokens."""

from django.urls import path

from machines import views

urlpatterns = [
    path("profile/tokens/", views.own_tokens, name="own_tokens"),
    path("profile/tokens/<int:token>/end/", views.end_own_token, name="own_token_end"),
    path("companies/<slug:tin>/programs/", views.programs, name="programs"),
    path("companies/<slug:tin>/programs/add/", views.add_program, name="program_add"),
    path("companies/<slug:tin>/programs/<int:pk>/secret/", views.new_secret, name="program_secret"),
    path("companies/<slug:tin>/programs/<int:pk>/end/", views.end_program, name="program_end"),
    path("companies/<slug:tin>/programs/<int:pk>/tokens/", views.token, name="program_tokens"),
    path("companies/<slug:tin>/programs/<int:pk>/tokens/<int:token>/end/", views.end_token, name="program_token_end"),
    path("companies/<slug:tin>/webhooks/add/", views.add_endpoint, name="endpoint_add"),
    path("companies/<slug:tin>/webhooks/<int:pk>/", views.endpoint, name="endpoint"),
    path("companies/<slug:tin>/webhooks/<int:pk>/end/", views.end_endpoint, name="endpoint_end"),
    path("companies/<slug:tin>/webhooks/<int:pk>/test/", views.send_test, name="endpoint_test"),
    path("companies/<slug:tin>/webhooks/<int:pk>/again/<int:sending>/", views.send_again, name="endpoint_again"),
]

"""Pages of notifications: the inbox, and the ways in which a person is told."""

from django.urls import path

from notifications.views import choices, inbox

urlpatterns = [
    path("messages/", inbox.messages, name="messages"),
    path("messages/read/", inbox.read_all, name="messages_read"),
    path("messages/<int:pk>/", inbox.message, name="message"),
    path("messages/<int:pk>/read/", inbox.read, name="message_read"),
    path("messages/choices/", choices.choices, name="message_choices"),
    path("messages/choices/phone/", choices.phone, name="message_phone"),
    path("messages/choices/code/", choices.code, name="message_code"),
]

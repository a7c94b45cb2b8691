from django.urls import path

from rooms.api.framework import endpoint

from .handlers import api

app_name = "bot"
urlpatterns = [
    path("rooms/<str:name>/messages/<int:message_id>/receipt", endpoint(GET=api.show_receipt), name="receipt"),
]

from django.urls import path

from rooms.endpoint import endpoint

from . import api

app_name = "bot"
urlpatterns = [
    path("rooms/<str:name>/messages/<int:message_id>/receipt", endpoint(GET=api.show_receipt), name="receipt"),
]

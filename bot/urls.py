from django.urls import path

from rooms.api.framework import endpoint

from .handlers import api, feedback

app_name = "bot"
urlpatterns = [
    path("rooms/<str:name>/messages/<int:message_id>/receipt", endpoint(GET=api.show_receipt), name="receipt"),
    path("rooms/<str:name>/messages/<int:message_id>/feedback", endpoint(POST=feedback.give), name="give_feedback"),
    path("rooms/<str:name>/feedback", endpoint(GET=feedback.list_mine), name="feedback"),
]

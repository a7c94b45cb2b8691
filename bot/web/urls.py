"""The addresses of the pages about bots."""

from django.urls import path

from . import answer_views, usage_views

urlpatterns = [
    path("chat/<str:name>/answers/<int:message_id>/", answer_views.answer_page, name="answer"),
    path("usage/", usage_views.my_usage, name="my_usage"),
]

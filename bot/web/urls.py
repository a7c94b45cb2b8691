"""The addresses of the pages about bots."""

from django.urls import path

from . import usage_views

urlpatterns = [
    path("usage/", usage_views.my_usage, name="my_usage"),
]

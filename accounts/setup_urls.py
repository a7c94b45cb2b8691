"""Addresses below /setup/."""

from django.urls import path

from . import owner_views

urlpatterns = [
    path("<str:secret>/", owner_views.become_owner, name="become_owner"),
]

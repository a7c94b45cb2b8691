"""Addresses below /accounts/sso/."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.connections, name="connections"),
    path("confirm/", views.confirm, name="sso_confirm"),
    path("remove/<int:account_id>/", views.remove, name="disconnect"),
    path("with/<slug:key>/", views.start, name="sso_start"),
    path("with/<slug:key>/callback/", views.callback, name="sso_callback"),
    path("with/<slug:key>/logout/", views.logged_out_there, name="sso_logged_out"),
]

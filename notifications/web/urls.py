"""The addresses of forms in the settings about notifications."""

from django.urls import path

from . import views

urlpatterns = [
    path("settings/notifications/devices/<int:device_id>/remove/", views.remove_device, name="remove_device"),
    path("settings/notifications/devices/<int:device_id>/test/", views.test_device, name="test_device"),
    path("settings/notifications/quiet/", views.quiet, name="quiet_hours"),
]

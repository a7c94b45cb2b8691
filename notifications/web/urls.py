"""The addresses of forms in the settings about notifications, and of links in mails."""

from django.urls import path

from . import mail_section, mail_views, views

urlpatterns = [
    path("settings/notifications/devices/<int:device_id>/remove/", views.remove_device, name="remove_device"),
    path("settings/notifications/devices/<int:device_id>/test/", views.test_device, name="test_device"),
    path("settings/notifications/quiet/", views.quiet, name="quiet_hours"),
    path("settings/notifications/mail/", mail_section.mail_settings, name="mail_settings"),
    path("mail/stop/<str:token>/", mail_views.stop_mails, name="mail_stop"),
]

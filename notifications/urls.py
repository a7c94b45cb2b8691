from django.urls import path

from accounts.scopes import Scope
from rooms.api.framework import endpoint

from . import api

app_name = "notifications"
urlpatterns = [
    path("me/devices", endpoint(GET=api.list_devices, POST=api.register), name="devices"),
    path("me/devices/key", endpoint(GET=api.show_key), name="device_key"),
    path("me/devices/<int:device_id>", endpoint(DELETE=api.remove), name="device"),
    path("me/devices/<int:device_id>/test", endpoint(POST=api.send_test, scope=Scope.WRITE), name="test_device"),
]

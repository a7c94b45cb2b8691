from django.urls import path

from rooms.api.framework import endpoint

from . import api, settings_api

app_name = "staff"
urlpatterns = [
    path("audit", endpoint(GET=api.list_entries), name="audit"),
    path(
        "server/settings",
        endpoint(GET=settings_api.list_settings, PATCH=settings_api.change_settings),
        name="server_settings",
    ),
]

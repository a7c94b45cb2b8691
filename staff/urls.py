from django.urls import path

from rooms.api.framework import endpoint

from . import api

app_name = "staff"
urlpatterns = [path("audit", endpoint(GET=api.list_entries), name="audit")]

"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

handler500 = "mysite.web.database_unavailable.server_failed"
urlpatterns = [
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("setup/", include("accounts.setup_urls")),
    path("api/", include("bot.urls")),
    path("", include("bot.web.urls")),
    path("api/", include("staff.urls")),
    path("", include("staff.web.urls")),
    path("api/", include("notifications.urls")),
    path("", include("notifications.web.urls")),
    path("api/", include("rooms.api.urls")),
    path("", include("rooms.web.urls")),
]

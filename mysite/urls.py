"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

handler500 = "mysite.web.database_unavailable.server_failed"
urlpatterns = [
    path("accounts/", include("accounts.urls")),
    # allauth's, but for those of other people's accounts: accounts/sso has them.
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
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

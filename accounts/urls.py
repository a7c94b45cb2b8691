"""URLs of our own account pages; allauth's are included beside them."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from . import passkey_views, session_views, status_views, views

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("status/", status_views.status, name="status"),
    path(
        "email/", RedirectView.as_view(pattern_name="profile")
    ),  # instead of allauth's page: the address is edited in the profile
    path("email/confirm/", views.send_confirmation, name="send_confirmation"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", views.ConfirmEmailView.as_view(), name="account_confirm_email"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("devices/", session_views.devices, name="devices"),
    path("devices/others/end/", session_views.end_other_sessions, name="end_other_sessions"),
    path("devices/<int:session_id>/end/", session_views.end_session, name="end_session"),
    path("2fa/webauthn/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", passkey_views.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", passkey_views.SignInView.as_view(), name="mfa_login_webauthn"),
    path("2fa/webauthn/reauthenticate/", passkey_views.ConfirmView.as_view(), name="mfa_reauthenticate_webauthn"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/revoke/", views.revoke_tokens, name="revoke_tokens"),
    path("tokens/<int:token_id>/replace/", views.replace_token, name="replace_token"),
    path("tokens/<int:token_id>/revoke/", views.revoke_token, name="revoke_token"),
]

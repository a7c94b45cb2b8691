"""URLs of our own account pages; allauth's are included beside them."""

from allauth.mfa.recovery_codes.views import generate_recovery_codes
from allauth.mfa.totp.views import activate_totp, deactivate_totp
from allauth.mfa.webauthn.views import edit_webauthn, remove_webauthn
from django.db.transaction import atomic
from django.urls import include, path, re_path
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
    path("password/change/", views.change_password, name="account_change_password"),
    path("password/set/", views.set_password, name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("devices/", session_views.devices, name="devices"),
    path("devices/others/end/", session_views.end_other_sessions, name="end_other_sessions"),
    path("devices/<int:session_id>/end/", session_views.end_session, name="end_session"),
    path("2fa/webauthn/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    # One transaction with their entries in the audit log: allauth opens none.
    path("2fa/totp/activate/", atomic(activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", atomic(deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/generate/", atomic(generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/webauthn/add/", atomic(passkey_views.AddPasskeyView.as_view()), name="mfa_add_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", atomic(remove_webauthn), name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", atomic(edit_webauthn), name="mfa_edit_webauthn"),
    path("2fa/webauthn/login/", passkey_views.SignInView.as_view(), name="mfa_login_webauthn"),
    path("2fa/webauthn/reauthenticate/", passkey_views.ConfirmView.as_view(), name="mfa_reauthenticate_webauthn"),
    path("sso/", include("accounts.sso.urls")),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/revoke/", views.revoke_tokens, name="revoke_tokens"),
    path("tokens/<int:token_id>/replace/", views.replace_token, name="replace_token"),
    path("tokens/<int:token_id>/revoke/", views.revoke_token, name="revoke_token"),
]

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self):
        from . import leaving, new_device_mail, time_zones  # noqa: F401 - connect their receivers
        from .security import access_revocation, audit_trail, known_devices, second_factor_upkeep  # noqa: F401
        from .sso import sessions as issuer_sessions  # noqa: F401 - likewise

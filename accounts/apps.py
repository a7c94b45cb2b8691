from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self):
        from . import known_devices, sessions  # noqa: F401 - connect their receivers

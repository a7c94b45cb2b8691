from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = _("Staff")

    def ready(self):
        from rooms.kernel import signals

        from .personal_data import collect_personal_data

        signals.personal_data_wanted.connect(collect_personal_data)

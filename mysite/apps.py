from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate

from . import database


class MysiteConfig(AppConfig):
    name = "mysite"

    def ready(self):
        last = list(apps.get_app_configs())[-1]  # each app is told in turn, and may do lengthy work of its own then
        pre_migrate.connect(database.lift_limits, sender=self, dispatch_uid="lift limits")
        post_migrate.connect(database.restore_limits, sender=last, dispatch_uid="restore limits")

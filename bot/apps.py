from django.apps import AppConfig
from django.db.models.signals import post_migrate


class BotConfig(AppConfig):
    name = "bot"

    def ready(self):
        from . import reasons  # noqa: F401 (registers them)
        from .handlers import mail_summaries, triggers
        from .provisioning import ensure_default_bot
        from .web import profile, room_section

        triggers.connect()
        mail_summaries.connect()
        room_section.connect()
        profile.connect()
        post_migrate.connect(ensure_default_bot, sender=self)
